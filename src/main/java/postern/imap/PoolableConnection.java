package postern.imap;

import org.jspecify.annotations.Nullable;

/** A connection as the pool sees it, between borrowers. */
public interface PoolableConnection extends ImapConnection {

    /** The mailbox that is selected, if any. */
    @Nullable MailboxName selected();

    /**
     * Whether the server names expunged messages by UID on this connection (RFC 7162 §3.2.10.2), so
     * that only {@link ImapConnection#sync} can be used.
     */
    boolean reportsVanished();

    /**
     * Whether {@link ImapConnection#sync} can do on it what the server offers: QRESYNC is not
     * enabled once a mailbox was selected.
     */
    boolean syncsQuickly();

    /**
     * Whether it can be used again: every command so far was answered completely, and the server
     * did not send BYE.
     */
    boolean usable();

    /**
     * How many commands the server has answered so far. While the number does not grow, the
     * connection may be dead.
     */
    long answers();

    /**
     * Whether there is unread input or the end of the stream. On an idle connection either is a
     * sign that the server said something, most likely BYE. Waits a moment at most.
     */
    boolean hasUnreadInput();

    /** Called by the borrower when it no longer uses the answers to its commands. */
    void answersReleased();

    /**
     * Closes the connection without LOGOUT; callable from any thread. A borrower waiting for an
     * answer gets {@link ImapException.ConnectionLost}.
     */
    void abort();
}
