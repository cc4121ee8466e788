package postern.fuzz;

import java.util.List;
import java.util.stream.Stream;
import postern.account.TokenReaders;
import postern.attachment.RangeReaders;
import postern.discovery.DiscoveryReaders;
import postern.egress.EgressReaders;
import postern.export.ExportReaders;
import postern.imap.client.wire.ResponseReaders;
import postern.mailbox.MailboxReaders;
import postern.message.MessageReaders;
import postern.message.sync.SyncReaders;
import postern.mime.MimeReaders;
import postern.search.SearchReaders;
import postern.thread.ThreadReaders;
import postern.web.IdReaders;

/** All readers of untrusted octets; each package lists its own. */
public final class FuzzTargets {

    private FuzzTargets() {}

    public static List<FuzzTarget> all() {
        return Stream.of(
                        ResponseReaders.all(),
                        MimeReaders.all(),
                        MessageReaders.all(),
                        ThreadReaders.all(),
                        SyncReaders.all(),
                        ExportReaders.all(),
                        SearchReaders.all(),
                        MailboxReaders.all(),
                        RangeReaders.all(),
                        IdReaders.all(),
                        TokenReaders.all(),
                        EgressReaders.all(),
                        DiscoveryReaders.all())
                .flatMap(List::stream)
                .toList();
    }

    public static FuzzTarget named(String name) {
        return all().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
    }
}
