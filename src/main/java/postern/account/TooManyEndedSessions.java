package postern.account;

import java.time.Duration;

/** A login has ended so many narrowed sessions that no other one can be remembered now. */
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
