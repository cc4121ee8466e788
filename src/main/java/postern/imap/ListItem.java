package postern.imap;

/** Optional items of LIST, beside names and attributes. */
public enum ListItem {
    /** {@link ListedMailbox#status()}. */
    COUNTS,
    /** {@link ListedMailbox#rights()}, where the server has ACL. */
    RIGHTS
}
