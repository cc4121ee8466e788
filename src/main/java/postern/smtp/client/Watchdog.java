package postern.smtp.client;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread that closes the connections whose server takes too long, in a read or a write. */
final class Watchdog implements AutoCloseable {

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("smtp-deadlines").daemon().factory());

    Watchdog() {
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Runs the action, which must not block, after this time, unless it is cancelled before. */
    Future<?> in(Duration time, Runnable action) {
        return thread.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
