package postern.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import postern.fuzz.FuzzTarget;
import postern.imap.MailboxName;
import postern.imap.SomeAccount;
import postern.imap.UidSet;

/** What reads ids and cursors that come back from callers. */
public final class IdReaders {

    private static final String MAILBOX = MailboxId.of(MailboxName.of("Work/\u00e9")).text();
    private static final MessageId MESSAGE =
            MessageId.of(SomeAccount.message(MailboxName.INBOX, 7, 12));

    private IdReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("message id", it -> MessageId.parse(utf8(it)).toString())
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of(MESSAGE.toString(), MESSAGE.attached("1.2").toString(), "-", "A"),
                FuzzTarget.of("mailbox id", it -> MailboxId.parse(utf8(it)).text())
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of(MAILBOX, "inbox", "-", "A"),
                FuzzTarget.of("thread id", it -> ThreadId.parse(utf8(it)).text())
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of(
                                ThreadId.of(MESSAGE.ref(), 99).text(),
                                ThreadId.ofServer("T12").text(),
                                "-",
                                "A"),
                FuzzTarget.of("cursor", it -> Cursor.parse(utf8(it)).toString())
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of(Cursor.of(1, 7, 12, Long.MAX_VALUE).toString(), "-", "A"),
                FuzzTarget.of("UID set", it -> UidSet.parse(utf8(it)).toString())
                        .throwing(IllegalArgumentException.class)
                        .of("1:3,5", "*", "1:*", ",", ":", "4294967295"));
    }

    private static String utf8(byte[] octets) {
        return new String(octets, UTF_8);
    }
}
