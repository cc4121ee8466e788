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
    private final @Nullable RequestTime whole;
    private long spent;
    private long startedAt;
    private int running;
    private volatile boolean lifted;

    private RequestTime(Duration most, @Nullable RequestTime whole) {
        this.most = most;
        this.whole = whole;
    }

    public static RequestTime begin(Duration most) {
        return begin(most, null);
    }

    /**
     * A shorter time for a part of this thread's request. It counts for the whole request, too,
     * whose limit holds as well. Ends with {@link #close}.
     */
    public static RequestTime beginPart(Duration most) {
        return begin(most, CURRENT.get());
    }

    private static RequestTime begin(Duration most, @Nullable RequestTime whole) {
        var time = new RequestTime(most, whole);
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
        var limit = longest;
        for (var time = CURRENT.get(); time != null && !time.lifted; time = time.whole) {
            var left = time.left();
            if (!left.isPositive()) {
                throw new ImapException.ServerTimedOut(
                        "the mail server takes too long for the whole request", null);
            }
            limit = left.compareTo(limit) < 0 ? left : limit;
        }
        return limit;
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

    private void started() {
        synchronized (this) {
            if (running++ == 0) {
                startedAt = System.nanoTime();
            }
        }
        if (whole != null) {
            whole.started();
        }
    }

    private void ended() {
        synchronized (this) {
            if (--running == 0) {
                spent += System.nanoTime() - startedAt;
            }
        }
        if (whole != null) {
            whole.ended();
        }
    }

    @Override
    public void close() {
        if (whole == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(whole);
        }
    }
}
