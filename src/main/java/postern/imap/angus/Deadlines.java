package postern.imap.angus;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One watchdog for all connections: ends those whose exchange takes too long, whether it waits to
 * read or to write.
 */
final class Deadlines implements AutoCloseable {

    private final ScheduledThreadPoolExecutor watchdog =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("imap-deadlines").daemon().factory());

    Deadlines() {
        watchdog.setRemoveOnCancelPolicy(true);
    }

    /**
     * Runs the action, which must not block, when the time has passed, unless it is closed before.
     */
    Deadline in(Duration time, Runnable action) {
        var pending = watchdog.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
        return new Deadline(pending);
    }

    /** A deadline that has been set; closing it calls it off. */
    record Deadline(Future<?> pending) implements AutoCloseable {
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
