package postern.imap.message;

/**
 * A system flag such as {@code \Seen} or a keyword such as {@code $Forwarded} (RFC 9051 §2.3.2).
 * Flags are case-insensitive.
 *
 * <p>A flag from a server is kept as received; {@link #storable()} says whether it can be sent
 * back.
 */
public record Flag(String name) {

    public static final Flag SEEN = new Flag("\\Seen");
    public static final Flag ANSWERED = new Flag("\\Answered");
    public static final Flag FLAGGED = new Flag("\\Flagged");
    public static final Flag DELETED = new Flag("\\Deleted");
    public static final Flag DRAFT = new Flag("\\Draft");
    public static final Flag RECENT = new Flag("\\Recent");

    public boolean keyword() {
        return !name.startsWith("\\");
    }

    /**
     * Whether a client may send this flag: an ASCII atom, with a leading backslash for system
     * flags. Anything else could break or extend the command (a character such as U+010A becomes a
     * line end on the wire).
     */
    public boolean storable() {
        var atom = keyword() ? name : name.substring(1);
        return !atom.isEmpty()
                && !equals(RECENT)
                && atom.chars().allMatch(c -> c > 0x20 && c < 0x7f && "(){%*\"\\]".indexOf(c) < 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Flag(String theirs) && name.equalsIgnoreCase(theirs);
    }

    /** Case-insensitive without a copy of the name: lists compute it for every flag. */
    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + Character.toLowerCase(Character.toUpperCase(name.charAt(i)));
        }
        return hash;
    }
}
