package postern.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.fuzz.FuzzTarget;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;
import postern.imap.message.UidSet;
import postern.testserver.SomeAccount;
import postern.web.id.Cursor;
import postern.web.id.EventId;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.OpaqueText;
import postern.web.id.OpaqueText.Kind;
import postern.web.id.SyncState;
import postern.web.id.ThreadId;
import postern.web.link.LinkedFile;
import postern.web.problem.ProblemException;

/** The parsers of ids and cursors, as fuzz targets. */
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
                FuzzTarget.of("checked ids", IdReaders::checked)
                        .throwing(IllegalArgumentException.class)
                        .of(
                                "\u0000Work/&AOk-",
                                "\u0000INBOX",
                                "\u0001\u0007\u000c",
                                "\u0001\u0007\u000cWork",
                                "\u0002m\u0007\u000c\u0001",
                                "\u0003\u0000\u0007\u000c12345678Work",
                                "\u0003\u0001T12",
                                "\u0004\u0002\u0001\u0002\u0007\u000c",
                                "\u007f"),
                FuzzTarget.of("link to a file", it -> text(LinkedFile.parse(utf8(it))))
                        .of(MESSAGE + " part 1.2 ", MESSAGE + " raw  inline", " ", "attachment"),
                FuzzTarget.of("roles", IdReaders::roles)
                        .of(
                                "\\sent|/|Sent\n",
                                "\\drafts \\hasnochildren|.|INBOX.Entw&APw-rfe\n",
                                "\\noselect|/|Trash\n",
                                "||Gesendet\n",
                                "|/|INBOX\n",
                                "\\all \\junk|/|[Gmail]/All Mail\n",
                                "|/|inbox\n",
                                "\\nonexistent \\archive|/|Archive\n"),
                FuzzTarget.of("UID set", it -> UidSet.parse(utf8(it)).toString())
                        .throwing(IllegalArgumentException.class)
                        .of("1:3,5", "*", "1:*", ",", ":", "4294967295"));
    }

    /**
     * An opaque text with a valid checksum: the first octet is the kind, the others are the
     * payload.
     */
    private static String checked(byte[] octets) {
        if (octets.length == 0) {
            return "";
        }
        var kind = Kind.values()[(octets[0] & 0xff) % Kind.values().length];
        var text = OpaqueText.write(kind, payload(octets, 1));
        return switch (kind) {
            case MAILBOX -> MailboxId.parse(text).text();
            case MESSAGE, MESSAGE_WITHIN -> MessageId.parse(text).attached("1").toString();
            case THREAD -> ThreadId.parse(text).text();
            case CURSOR, CURSOR_WITH_STATE -> Cursor.parse(text).toString();
            case STATE -> SyncState.parse(text).toString();
            case EVENT -> EventId.parse(text).toString();
        };
    }

    /**
     * A cursor with the kind and numbers from these octets. Throws IllegalArgumentException if they
     * are invalid.
     */
    public static Cursor cursor(byte[] octets) {
        return Cursor.parse(OpaqueText.write(Kind.CURSOR, payload(octets, 0)));
    }

    private static ByteArrayOutputStream payload(byte[] octets, int from) {
        var payload = new ByteArrayOutputStream();
        payload.write(octets, from, octets.length - from);
        return payload;
    }

    private static @Nullable CharSequence roles(byte[] octets) {
        var listed = new ArrayList<ListedMailbox>();
        for (var line : new String(octets, ISO_8859_1).split("\n")) {
            var fields = line.split("\\|", 3);
            try {
                listed.add(
                        new ListedMailbox(
                                new MailboxName(fields[fields.length - 1]),
                                fields.length < 3 || fields[1].isEmpty()
                                        ? null
                                        : fields[1].charAt(0),
                                Set.of(fields[0].split(" ")),
                                null,
                                null,
                                null));
            } catch (IllegalArgumentException _) {
                // not a mailbox name, or a duplicate attribute
            }
        }
        var roles = MailboxRoles.of(listed);
        var told = new StringBuilder();
        for (var role : MailboxRole.values()) {
            var mailbox = roles.mailbox(role);
            mailbox.ifPresent(it -> told.append(role).append(it));
            if (mailbox.flatMap(roles::role).filter(it -> it != role).isPresent()) {
                throw new AssertionError(mailbox + " has two roles");
            }
        }
        return told;
    }

    private static String text(Object value) {
        return String.valueOf(value);
    }

    private static String utf8(byte[] octets) {
        return new String(octets, UTF_8);
    }
}
