package postern.imap;

/**
 * What a connection is borrowed for. Each lane has its share of an account's connections, so that
 * none starves another.
 */
public enum Lane {
    /** Short commands that somebody waits for. */
    INTERACTIVE,
    /** Long transfers in either direction. */
    DOWNLOAD
}
