package postern.export;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;
import postern.message.metadata.ReceivedRange;
import postern.testserver.InMemoryServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import postern.web.id.Cursor;
import postern.web.transfer.SpoolFull;
import postern.web.transfer.SpoolSpace;

/** An mbox that is imported is exported unchanged, on every server. */
@OnGreenMail
@Timeout(300)
class TransfersIT {

    private static final Instant DATE = Instant.parse("2026-03-01T09:08:07Z");

    @Autowired private Exports exports;
    @Autowired private Imports imports;
    @Autowired private ImapConnections connections;
    @Autowired private SpoolSpace space;

    static List<TestServer> servers() {
        var servers = new ArrayList<TestServer>(List.of(RealServer.values()));
        servers.add(InMemoryServer.GREENMAIL);
        return servers;
    }

    @ParameterizedTest
    @MethodSource("servers")
    void anMboxGoesInWithItsDatesAndFlagsAndComesOutAsItWas(TestServer server) throws IOException {
        var account = account(server);
        var mbox = mbox(60, 700_000);

        var result = run(account, mbox, Set.of(), 0);

        assertThat(result.imported()).isEqualTo(60);
        assertThat(result.failed() + result.unknown()).isZero();
        assertThat(result.items())
                .extracting(ImportedMessage::index)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(result.items()).allMatch(item -> item.id() != null);
        var messages = messages(account);
        assertThat(messages).hasSize(60).allMatch(it -> DATE.equals(it.internalDate()));
        assertThat(messages.getFirst().flags()).contains(Flag.SEEN, Flag.FLAGGED);
        assertThat(export(account, page(account, null, Integer.MAX_VALUE, null))).isEqualTo(mbox);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void pagesGoOnWhereTheLastOneEndedWhateverGoesMeanwhile(TestServer server) throws IOException {
        var account = account(server);
        run(account, mbox(9, 10), Set.of(), 0);
        var uids = messages(account).stream().map(FetchedMessage::uid).toList();

        var first = page(account, null, 4, null);
        expunge(account, UidSet.of(uids.get(1), uids.get(3), uids.get(4)));
        var one = export(account, first);
        var again = export(account, page(account, null, 2, null));
        var second = page(account, first.next(), Integer.MAX_VALUE, 1L);
        var third = page(account, second.next(), Integer.MAX_VALUE, 1_000_000L);

        assertThat(subjects(one)).containsExactly("m0", "m2");
        assertThat(subjects(again)).containsExactly("m0", "m2");
        assertThat(subjects(export(account, second))).containsExactly("m5");
        assertThat(subjects(export(account, third))).containsExactly("m6", "m7", "m8");
        assertThat(third.next()).isNull();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void onlyWhatArrivedInATimeIsExportedPageByPage(TestServer server) throws IOException {
        var account = account(server);
        var mbox = new StringBuilder();
        for (var time : List.of("Fri Feb 27 09:00", "Sun Mar  1 08:59", "Sun Mar  1 09:00")) {
            mbox.append(letter(time));
        }
        mbox.append(letter("Sun Mar  1 09:01")).append(letter("Thu Mar  5 09:00"));
        run(account, mbox.append(letter("Thu Mar  5 10:00")).toString(), Set.of(), 0);

        assertThat(exported(account, "2026-03-01T09:00:00Z", null))
                .containsExactly(
                        "Sun Mar  1 09:00",
                        "Sun Mar  1 09:01",
                        "Thu Mar  5 09:00",
                        "Thu Mar  5 10:00");
        assertThat(exported(account, null, "2026-03-01T09:00:00Z"))
                .containsExactly("Fri Feb 27 09:00", "Sun Mar  1 08:59");
        assertThat(exported(account, "2026-03-01T09:00:30Z", "2026-03-05T10:00:00+00:00"))
                .containsExactly("Sun Mar  1 09:01", "Thu Mar  5 09:00");
        assertThat(exported(account, "2026-03-01T09:00:30Z", "2026-03-01T09:00:45Z")).isEmpty();
        assertThat(exported(account, "2026-03-03", null))
                .containsExactly("Thu Mar  5 09:00", "Thu Mar  5 10:00");
        assertThat(exported(account, "2026-02-20", "2026-02-28"))
                .containsExactly("Fri Feb 27 09:00");
    }

    @Test
    void anImportThatFindsNoRoomTellsWhatItHasImported() throws IOException {
        var account = account(InMemoryServer.GREENMAIL);
        var mbox = mbox(2, 900_000);
        long others = space.most() - 100_000;
        space.take(others);
        ImportResult result;
        try {
            result = run(account, mbox, Set.of(), 0);
            assertThatThrownBy(() -> run(account, mbox, Set.of(), 1)).isInstanceOf(SpoolFull.class);
        } finally {
            space.giveBack(others);
        }

        assertThat(result.imported()).isEqualTo(1);
        assertThat(result.next()).isEqualTo(1);
        assertThat(run(account, mbox, Set.of(), 1).imported()).isEqualTo(1);
        assertThat(messages(account)).hasSize(2);
    }

    private static String letter(String time) {
        return "From x %s:00 2026\nSubject: %s\n\ntext\n\n".formatted(time, time);
    }

    /** The messages of all pages; the last page has no next cursor. */
    private List<String> exported(Account account, @Nullable String since, @Nullable String before)
            throws IOException {
        var arrival = ReceivedRange.parse(since, before);
        var subjects = new ArrayList<String>();
        Cursor cursor = null;
        do {
            var page = exports.page(account, MailboxName.INBOX, cursor, arrival, 1, null);
            var found = subjects(export(account, page));
            assertThat(found).hasSize(cursor == null && page.next() == null ? found.size() : 1);
            subjects.addAll(found);
            cursor = page.next();
        } while (cursor != null);
        return subjects;
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aZipHasOneFileAMessage(TestServer server) throws IOException {
        var account = account(server);
        run(account, mbox(3, 700_000), Set.of(new Flag("imported")), 1);
        var out = new ByteArrayOutputStream();

        try (var archive = new ZipArchive(out)) {
            exports.write(account, page(account, null, Integer.MAX_VALUE, null), archive);
            archive.finish();
        }

        var names = new ArrayList<String>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
                assertThat(new String(zip.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("From: anne@example.com\r\nSubject: m")
                        .endsWith("end\r\n");
            }
        }
        assertThat(names)
                .satisfiesExactly(
                        name -> assertThat(name).matches("2026-03-01 090807 m1 \\d+\\.eml"),
                        name -> assertThat(name).matches("2026-03-01 090807 m2 \\d+\\.eml"));
        assertThat(messages(account))
                .allMatch(it -> requireNonNull(it.flags()).contains(new Flag("imported")));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aMailboxThatIsNotThereIsToldBeforeAnythingIsRead(TestServer server) {
        var account = account(server);

        assertThatThrownBy(() -> imports.require(account, MailboxName.of("Nowhere"), 10, 0))
                .isInstanceOf(ImapException.MailboxNotFound.class);
    }

    private ImportResult run(Account account, String mbox, Set<Flag> keywords, int skip)
            throws IOException {
        var in = new ByteArrayInputStream(mbox.getBytes(StandardCharsets.ISO_8859_1));
        var target = imports.require(account, MailboxName.INBOX, mbox.length(), skip);
        return imports.run(account, target, in, keywords, skip);
    }

    private ExportPage page(
            Account account, @Nullable Cursor cursor, int limit, @Nullable Long maxBytes) {
        return exports.page(
                account, MailboxName.INBOX, cursor, ReceivedRange.WHENEVER, limit, maxBytes);
    }

    private String export(Account account, ExportPage page) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var archive = new MboxWriter(out, true)) {
            exports.write(account, page, archive);
            archive.finish();
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private List<FetchedMessage> messages(Account account) {
        try (var inbox = inbox(account, Access.READ_ONLY)) {
            return inbox.fetch(
                    UidSet.from(1), FetchItems.of(FetchItem.FLAGS, FetchItem.INTERNAL_DATE));
        }
    }

    private void expunge(Account account, UidSet uids) {
        try (var inbox = inbox(account, Access.READ_WRITE)) {
            inbox.expunge(uids);
        }
    }

    private SelectedMailbox inbox(Account account, Access access) {
        return connections.select(account, MailboxName.INBOX, access, Lane.INTERACTIVE);
    }

    private static List<String> subjects(String mbox) {
        return mbox.lines()
                .filter(line -> line.startsWith("Subject: "))
                .map(line -> line.substring("Subject: ".length()))
                .toList();
    }

    /** An mbox as the export writes it, in which every second message is large. */
    private static String mbox(int messages, int large) {
        var mbox = new StringBuilder();
        for (int i = 0; i < messages; i++) {
            mbox.append("From anne@example.com Sun Mar  1 09:08:07 2026\nStatus: RO\n");
            mbox.append("X-Status: F\nFrom: anne@example.com\nSubject: m").append(i);
            mbox.append("\n\n>From there\n>>From here\n\n");
            mbox.append("0123456789\n".repeat(i % 20 == 1 ? large / 11 : 3));
            mbox.append("end\n\n");
        }
        return mbox.toString();
    }

    private static Account account(TestServer server) {
        var at = new ImapServer(server.host(), server.port(), Security.NONE);
        return new Account(at, server.newUser(), new Password(server.password()));
    }
}
