package postern.message.sync;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.List;
import postern.fuzz.FuzzTarget;
import postern.imap.message.UidSet;
import postern.web.id.SyncState;

/** Fuzz targets for what an app brings back: states, and the snapshots in them. */
public final class SyncReaders {

    private SyncReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("state of a mailbox", SyncReaders::state)
                        .throwing(IllegalArgumentException.class)
                        .of(
                                "\u0001\u0002abcd\u0007\u000c\u0003\u0029\u0001\u0005\u0009",
                                "\u0001\u0002abcd\u0007\u000c\u0003\u0000\u0000r0123456789abcdef",
                                "\u0001\u0002abcd\u0007\u000c\u0003\u0000\u0000s\u0003"),
                FuzzTarget.of("snapshot", it -> MailboxSnapshot.ofToken(it).uids().toString())
                        .throwing(IllegalArgumentException.class)
                        .of(text(MailboxSnapshot.of(UidSet.parse("1:4,7,9:100")).octets())));
    }

    /** The words of a target have one character for each octet. */
    private static String text(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }

    private static String state(byte[] octets) {
        var payload = new ByteArrayOutputStream();
        payload.writeBytes(octets);
        return MailboxState.of(SyncState.of(payload)).toString();
    }
}
