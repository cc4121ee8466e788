package postern.message.change;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;

/** A mail server may still execute commands after the connection that sent them is gone. */
public final class SettlingTime {

    static final Duration LONGEST = Duration.ofSeconds(2);

    private SettlingTime() {}

    /**
     * Waits until such commands have finished.
     *
     * @param ended when the connection was lost
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
