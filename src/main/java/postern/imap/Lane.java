package postern.imap;

/**
 * The purpose of a borrowed connection. Each lane has its share of an account's connections, so
 * that neither starves the other.
 */
public enum Lane {
    /** Short commands, with a user waiting. */
    INTERACTIVE,
    /** Long transfers in either direction. */
    BULK,
    /**
     * Short commands of {@link ImapConnection#sync}. A connection that was used for them may name
     * expunged messages by UID (RFC 7162 §3.2.10.2), so that it serves no other lane.
     */
    SYNC,
    /**
     * Waits for news by {@link ImapConnection#idle}, for hours. Each family of credentials has one
     * of these at most, all of an account half of its connections, and none where it would be the
     * account's only connection. One is taken away where the others watch or transfer.
     */
    WATCH
}
