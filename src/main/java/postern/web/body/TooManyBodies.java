package postern.web.body;

import java.time.Duration;
import postern.web.problem.ProblemCode;
import postern.web.problem.TooManyRequests;

/** Too many requests are being received whose bodies have not ended yet. */
final class TooManyBodies extends TooManyRequests {

    private static final Duration SOON = Duration.ofSeconds(5);

    /** In all. */
    TooManyBodies() {
        super(ProblemCode.UPLOADS_FULL, "too many requests are being received", SOON);
    }

    /** Of this account or client. */
    TooManyBodies(int most) {
        super(
                ProblemCode.TOO_MANY_REQUESTS,
                "more than %d requests are being received of this account or client"
                        .formatted(most),
                SOON);
    }
}
