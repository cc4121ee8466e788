package postern.events;

import java.time.Duration;

/** How long a stream waits before it asks the mail server again, longer each time. */
final class Retries {

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 5;

    private int failures;

    void succeeded() {
        failures = 0;
    }

    Duration failed() {
        return FIRST.multipliedBy(1L << Math.min(MOST_DOUBLINGS, failures++));
    }
}
