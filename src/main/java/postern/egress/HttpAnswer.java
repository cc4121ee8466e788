package postern.egress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A response of a server.
 *
 * @param retryAfter what {@code Retry-After} says in seconds; null where it says none
 */
public record HttpAnswer(int status, byte[] body, @Nullable Duration retryAfter) {

    /** Does not contain the body, so that it may be logged. */
    @Override
    public String toString() {
        return "HttpAnswer[%d, %d octets]".formatted(status, body.length);
    }
}
