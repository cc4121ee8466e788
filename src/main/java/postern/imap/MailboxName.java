package postern.imap;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox's full name, kept in its wire form with one character per octet, so that names which
 * are not valid modified UTF-7 can still be selected. {@link #decoded()} is the name for users.
 * INBOX is case-insensitive.
 *
 * @param id what identifies the mailbox when it is renamed, MAILBOXID (RFC 8474 §4); null where it
 *     is not known, and for INBOX, which cannot be renamed. It is not part of equality, except
 *     where only the id is known.
 */
public record MailboxName(String wire, @Nullable String id) {

    public static final MailboxName INBOX = new MailboxName("INBOX");

    private static final String NOT_LOCATED = "";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    /** No name begins with it. */
    private static final String ID_FOLLOWS = "\0";

    /** Throws what {@link #MailboxName(String)} throws, and also for an id that cannot be. */
    public MailboxName {
        if (id != null && !validId(id)) {
            throw new IllegalArgumentException("an id has 1 to 255 letters, digits, _ and -");
        }
        if (id == null || !wire.equals(NOT_LOCATED)) {
            wire = checked(wire);
        }
        if (wire.equals("INBOX")) {
            id = null;
        }
    }

    /**
     * Throws IllegalArgumentException for a name that cannot be sent: an empty one, or one with
     * NUL, CR or LF.
     */
    public MailboxName(String wire) {
        this(wire, null);
    }

    private static String checked(String wire) {
        if (wire.isEmpty() || wire.length() > 4_000) {
            throw new IllegalArgumentException("a mailbox name has 1 to 4000 octets");
        }
        if (wire.chars().anyMatch(c -> c == 0 || c == '\r' || c == '\n' || c > 0xff)) {
            throw new IllegalArgumentException("a mailbox name cannot hold NUL or line ends");
        }
        return wire.toUpperCase(Locale.ROOT).equals("INBOX") ? "INBOX" : wire;
    }

    /** Whether it can be a MAILBOXID (RFC 8474 §7). */
    public static boolean validId(String id) {
        return ID.matcher(id).matches();
    }

    /** The mailbox with this id, whatever its name is now; it must be located before it is used. */
    public static MailboxName ofId(String id) {
        return new MailboxName(NOT_LOCATED, id);
    }

    public MailboxName withId(@Nullable String id) {
        return new MailboxName(wire, id);
    }

    /** Whether the name is known, not only the id. */
    public boolean located() {
        return !wire.equals(NOT_LOCATED);
    }

    /** What stays the same as long as it is the same mailbox: the id if it has one, or the name. */
    public String identity() {
        return id == null ? wire : ID_FOLLOWS + id;
    }

    /**
     * Whether it is the same mailbox. A name may be out of date, so that the ids decide where both
     * are known.
     */
    public boolean same(MailboxName other) {
        return id == null || other.id == null ? equals(other) : id.equals(other.id);
    }

    /** The mailbox with this {@link #identity}; throws IllegalArgumentException. */
    public static MailboxName ofIdentity(String identity) {
        return identity.startsWith(ID_FOLLOWS)
                ? ofId(identity.substring(ID_FOLLOWS.length()))
                : new MailboxName(identity);
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

    @Override
    public boolean equals(Object other) {
        return other instanceof MailboxName that
                && wire.equals(that.wire)
                && (located() || Objects.equals(id, that.id));
    }

    @Override
    public int hashCode() {
        return located() ? wire.hashCode() : Objects.hashCode(id);
    }
}
