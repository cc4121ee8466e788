package postern.message.change;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;

/** A mail server may still be at what it was sent when its connection is gone. */
public final class SettlingTime {

    static final Duration LONGEST = Duration.ofSeconds(2);

    private SettlingTime() {}

    /**
     * Waits until what was under way has been done.
     *
     * @param ended when the connection was gone
     */
    public static void await(Instant ended) {
        try {
            Thread.sleep(Duration.between(Instant.now(), ended.plus(LONGEST)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var cancelled = new CancellationException("interrupted while looking for messages");
            cancelled.initCause(e);
            throw cancelled;
        }
    }
}
