package postern.imap;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the commands of one HTTP request may take together: many commands that each end in time
 * could go on for ever. Only the time counts in which at least one of them waits for a mail server,
 * so that a slow client takes nothing of it. Begins with {@link #begin} and ends with {@link
 * #close}, on the thread of the request; without it there is no limit.
 */
public final class RequestTime implements AutoCloseable {

    private static final ThreadLocal<@Nullable RequestTime> CURRENT = new ThreadLocal<>();

    private final Duration most;
    private long spent;
    private long startedAt;
    private int running;
    private volatile boolean lifted;

    private RequestTime(Duration most) {
        this.most = most;
    }

    public static RequestTime begin(Duration most) {
        var time = new RequestTime(most);
        CURRENT.set(time);
        return time;
    }

    /**
     * Lifts the limit of this thread's request, which transfers mail from here on: it ends with its
     * content.
     */
    public static void lift() {
        var time = CURRENT.get();
        if (time != null) {
            time.lifted = true;
        }
    }

    /**
     * The time for commands of this thread's request that may take as long as this at most. Throws
     * ServerTimedOut when there is none left.
     */
    public static Duration limit(Duration longest) {
        var time = CURRENT.get();
        if (time == null || time.lifted) {
            return longest;
        }
        var left = time.left();
        if (!left.isPositive()) {
            throw new ImapException.ServerTimedOut(
                    "the mail server takes too long for the whole request", null);
        }
        return left.compareTo(longest) < 0 ? left : longest;
    }

    private synchronized Duration left() {
        long now = running > 0 ? System.nanoTime() - startedAt : 0;
        return most.minusNanos(spent + now);
    }

    /** Commands of this thread's request are running; the result ends that. */
    public static Running start() {
        var time = CURRENT.get();
        if (time == null) {
            return () -> {};
        }
        time.started();
        return time::ended;
    }

    /** The work, with the time of this thread's request when it runs on another thread. */
    public static Runnable shared(Runnable work) {
        var time = CURRENT.get();
        return () -> {
            CURRENT.set(time);
            try {
                work.run();
            } finally {
                CURRENT.remove();
            }
        };
    }

    /** Commands that are running. */
    @FunctionalInterface
    public interface Running extends AutoCloseable {
        @Override
        void close();
    }

    private synchronized void started() {
        if (running++ == 0) {
            startedAt = System.nanoTime();
        }
    }

    private synchronized void ended() {
        if (--running == 0) {
            spent += System.nanoTime() - startedAt;
        }
    }

    @Override
    public void close() {
        CURRENT.remove();
    }
}
