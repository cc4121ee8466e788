package postern.imap;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A wait for news of a mailbox ({@link ImapConnection#idle}): it is over after its time, or when
 * any thread ends it.
 */
public final class IdleWait {

    private final long until;
    private final Listener listener;
    private boolean over;
    private @Nullable Runnable finish;

    /** What happens during the wait; called on the thread that waits, and must be quick. */
    public interface Listener {

        /** The mailbox was opened: what happened in it before is not reported. */
        void opened();

        /** The server reported something about messages of the mailbox. */
        void reported();

        /**
         * The server reported something about messages of a mailbox that is not open ({@link
         * ImapConnection#idleEverywhere}).
         *
         * @param mailbox without its MAILBOXID
         */
        default void reported(MailboxName mailbox) {}

        /**
         * The server reported that a mailbox was created, renamed or deleted ({@link
         * ImapConnection#idleEverywhere}).
         *
         * @param previous the name that a renamed mailbox had; null for others
         */
        default void listed(MailboxName mailbox, @Nullable MailboxName previous) {}
    }

    public IdleWait(Duration time, Listener listener) {
        this.until = System.nanoTime() + time.toNanos();
        this.listener = listener;
    }

    /** Ends the wait, at once if it has begun and otherwise when it begins. */
    public synchronized void end() {
        over = true;
        finishIfOver();
    }

    /** Whether it was ended; otherwise the server has stopped waiting by itself. */
    public synchronized boolean over() {
        return over;
    }

    public Listener listener() {
        return listener;
    }

    /** For the connection: how long to wait at most; not positive when the time is over. */
    public Duration left() {
        return Duration.ofNanos(until - System.nanoTime());
    }

    /**
     * For the connection: the server waits now.
     *
     * @param finish makes the server stop waiting; runs once at most, on any thread
     */
    public synchronized void begun(Runnable finish) {
        this.finish = finish;
        finishIfOver();
    }

    /** For the connection: the server does not wait any more. */
    public synchronized void ended() {
        finish = null;
    }

    private void finishIfOver() {
        var action = finish;
        if (over && action != null) {
            finish = null;
            action.run();
        }
    }
}
