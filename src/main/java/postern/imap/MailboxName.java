package postern.imap;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A mailbox's full name, kept in its wire form with one character per octet, so that names which
 * are not valid modified UTF-7 can still be selected. {@link #decoded()} is the name for users.
 * INBOX is case-insensitive.
 */
public record MailboxName(String wire) {

    public static final MailboxName INBOX = new MailboxName("INBOX");

    /**
     * Throws IllegalArgumentException for a name that cannot be sent: an empty one, or one with
     * NUL, CR or LF.
     */
    public MailboxName {
        if (wire.isEmpty() || wire.length() > 4_000) {
            throw new IllegalArgumentException("a mailbox name has 1 to 4000 octets");
        }
        if (wire.chars().anyMatch(c -> c == 0 || c == '\r' || c == '\n' || c > 0xff)) {
            throw new IllegalArgumentException("a mailbox name cannot hold NUL or line ends");
        }
        if (wire.toUpperCase(Locale.ROOT).equals("INBOX")) {
            wire = "INBOX";
        }
    }

    /** The mailbox with this Unicode name. */
    public static MailboxName of(String name) {
        return new MailboxName(ModifiedUtf7.encode(name));
    }

    /**
     * The mailbox of this name in a namespace, encoded as a server with these capabilities expects
     * it. Throws IllegalArgumentException for a name that cannot be sent.
     *
     * @param prefix of the namespace, in wire form
     */
    public static MailboxName of(String prefix, String name, Capabilities capabilities) {
        return new MailboxName(
                prefix + (capabilities.utf8Only() ? utf8(name) : ModifiedUtf7.encode(name)));
    }

    private static String utf8(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The name in Unicode; a wire form that is not modified UTF-7 is read as UTF-8. */
    public String decoded() {
        var name = ModifiedUtf7.decode(wire);
        return name != null
                ? name
                : new String(wire.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    public boolean inbox() {
        return wire.equals("INBOX");
    }
}
