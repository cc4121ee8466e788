package postern.imap;

/** What LIST can tell of mailboxes beside their names and attributes. */
public enum ListItem {
    /** {@link ListedMailbox#status()}. */
    COUNTS,
    /** {@link ListedMailbox#rights()}, where the server has ACL. */
    RIGHTS
}
