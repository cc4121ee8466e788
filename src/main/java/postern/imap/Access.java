package postern.imap;

/** How a mailbox is opened. */
public enum Access {
    /** EXAMINE: nothing in the mailbox changes, not even {@code \Recent}. */
    READ_ONLY,
    /** SELECT. */
    READ_WRITE
}
