package postern.deadline;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One watchdog thread for all connections. It closes those whose exchange takes too long, whether
 * they are blocked in a read or a write.
 */
public final class Deadlines implements AutoCloseable {

    private final ScheduledThreadPoolExecutor watchdog;

    /**
     * @param thread the name of the thread
     */
    public Deadlines(String thread) {
        watchdog =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name(thread).daemon().factory());
        watchdog.setRemoveOnCancelPolicy(true);
    }

    /**
     * Runs the action, which must not block, after this time, unless the deadline is closed before.
     */
    public Deadline in(Duration time, Runnable action) {
        return new Deadline(watchdog, time, action);
    }

    /** A deadline that is running; closing it cancels it. For one thread. */
    public static final class Deadline implements AutoCloseable {

        private final ScheduledThreadPoolExecutor watchdog;
        private final Runnable action;
        private Future<?> pending;

        private Deadline(ScheduledThreadPoolExecutor watchdog, Duration time, Runnable action) {
            this.watchdog = watchdog;
            this.action = action;
            this.pending = watchdog.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Restarts the deadline with this time, counted from now. */
        public void restart(Duration time) {
            pending.cancel(false);
            pending = watchdog.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Cancels the deadline; it can be restarted. */
        @Override
        public void close() {
            pending.cancel(false);
        }
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
    }
}
