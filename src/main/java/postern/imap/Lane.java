package postern.imap;

/**
 * The purpose of a borrowed connection. Each lane has its share of an account's connections, so
 * that neither starves the other.
 */
public enum Lane {
    /** Short commands, with a user waiting. */
    INTERACTIVE,
    /** Long transfers in either direction. */
    BULK
}
