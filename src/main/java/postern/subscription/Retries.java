package postern.subscription;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** When to try again: later after each failure, and not all at the same time. */
final class Retries {

    private static final int MOST_DOUBLINGS = 20;

    private Retries() {}

    /**
     * @param failures in a row, before this one
     * @param asked what the server asks for; null where it does not
     */
    static Duration after(
            int failures, @Nullable Duration asked, SubscriptionProperties properties) {
        double part = ThreadLocalRandom.current().nextDouble(0.5, 1.5);
        var doubled =
                properties.retry().toMillis() * (double) (1L << Math.min(failures, MOST_DOUBLINGS));
        double own = Math.min(doubled, properties.longestRetry().toMillis() / 1.5) * part;
        // Not before what is asked for, and not all exactly then.
        double wait = asked == null ? own : Math.max(own, asked.toMillis() * (0.9 + part / 5));
        return Duration.ofMillis(
                Math.max(1, Math.min((long) wait, properties.longestRetry().toMillis())));
    }
}
