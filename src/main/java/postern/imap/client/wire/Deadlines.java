package postern.imap.client.wire;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One watchdog for all connections: ends those whose exchange takes too long, whether it waits to
 * read or to write.
 */
public final class Deadlines implements AutoCloseable {

    private final ScheduledThreadPoolExecutor watchdog =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("imap-deadlines").daemon().factory());

    public Deadlines() {
        watchdog.setRemoveOnCancelPolicy(true);
    }

    /**
     * Runs the action, which must not block, when the time has passed, unless it is closed before.
     */
    public Deadline in(Duration time, Runnable action) {
        return new Deadline(watchdog, time, action);
    }

    /** A deadline that has been set; closing it calls it off. For one thread. */
    public static final class Deadline implements AutoCloseable {

        private final ScheduledThreadPoolExecutor watchdog;
        private final Runnable action;
        private Future<?> pending;

        private Deadline(ScheduledThreadPoolExecutor watchdog, Duration time, Runnable action) {
            this.watchdog = watchdog;
            this.action = action;
            this.pending = watchdog.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** From now on it is so much time again. */
        public void restart(Duration time) {
            pending.cancel(false);
            pending = watchdog.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Calls it off, until it is restarted. */
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
