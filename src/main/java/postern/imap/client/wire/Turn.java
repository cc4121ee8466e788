package postern.imap.client.wire;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets other threads run while a mail server keeps one busy. Virtual threads are not preempted, and
 * one whose server always has more to say never waits for it.
 *
 * <p>A pause and no {@link Thread#yield}: that only puts the thread at the end of one queue of the
 * scheduler, and two such threads can keep two carriers at their queues for seconds, while what has
 * become ready in the others is not run.
 *
 * <p>For one thread.
 */
public final class Turn {

    /** A pause takes some 60 µs. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private long began = System.nanoTime();

    /** The thread has waited, or somebody else runs. */
    void restart() {
        began = System.nanoTime();
    }

    /** Pauses if this thread had its turn for long. */
    public void giveWay() {
        if (System.nanoTime() - began > LONGEST_NANOS) {
            LockSupport.parkNanos(1);
            began = System.nanoTime();
        }
    }
}
