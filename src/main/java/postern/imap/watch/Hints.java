package postern.imap.watch;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import postern.imap.MailboxName;

/** In which mailboxes something may have happened; for one who waits, until a time is over. */
public final class Hints {

    private final long until;
    private final Set<MailboxName> hinted = new LinkedHashSet<>();
    private boolean ended;

    public Hints(Duration time) {
        until = System.nanoTime() + time.toNanos();
    }

    public synchronized void add(MailboxName mailbox) {
        hinted.add(mailbox);
        notifyAll();
    }

    /** Nobody needs to wait any longer. */
    public synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Whether there is nothing more to wait for. */
    public synchronized boolean over() {
        return ended || System.nanoTime() - until >= 0;
    }

    /** Waits for hints, that long at most; empty where none came. */
    public synchronized Set<MailboxName> await(Duration most) {
        long stop = Math.min(System.nanoTime() + most.toNanos() - until, 0) + until;
        try {
            for (long left = stop - System.nanoTime();
                    hinted.isEmpty() && !ended && left > 0;
                    left = stop - System.nanoTime()) {
                // the monitor counts in milliseconds
                TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            ended = true;
        }
        var all = ended ? Set.<MailboxName>of() : Set.copyOf(hinted);
        hinted.clear();
        return all;
    }
}
