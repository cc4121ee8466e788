package postern.imap;

import org.jspecify.annotations.Nullable;

/** A connection as its owner sees it, between the borrowers. */
public interface PoolableConnection extends ImapConnection {

    /** The mailbox that is open on it, if any. */
    @Nullable MailboxName selected();

    /**
     * Whether nothing happened that leaves it in doubt: it answered every command so far and the
     * server did not say BYE.
     */
    boolean usable();

    /**
     * How often the server has answered a command so far. As long as it does not grow, nothing
     * shows that anybody is still there.
     */
    long answers();

    /**
     * Whether octets lie unread, or the end of the stream: on an idle connection a sign that the
     * server had something to say, most likely BYE. Waits no longer than a moment.
     */
    boolean spoke();

    /**
     * Ends it without a word; from any thread. A borrower that waits on it gets {@link
     * ImapException.ConnectionLost}.
     */
    void abort();
}
