package postern.account;

import java.time.Duration;

/**
 * The limit of ended narrowed sessions per login is reached: no further one can be recorded now.
 */
public final class TooManyEndedSessions extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    TooManyEndedSessions(Duration retryAfter) {
        super("too many narrowed sessions have ended", null, false, false);
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
