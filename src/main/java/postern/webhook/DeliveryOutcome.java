package postern.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one attempt to deliver.
 *
 * @param status of the response; 0 where there was none
 * @param retryAfter what the response asks for; null where it does not
 */
public record DeliveryOutcome(Kind kind, int status, @Nullable Duration retryAfter) {

    /** The kinds. */
    public enum Kind {
        /** 2xx. */
        DELIVERED,
        /** 410: nothing more is wanted at this URL. */
        GONE,
        /** Any other response. */
        REFUSED,
        /** No response in time, or no connection. */
        UNREACHABLE,
        /** Nothing was sent: too many deliveries are on their way. */
        BUSY
    }

    static DeliveryOutcome without(Kind kind) {
        return new DeliveryOutcome(kind, 0, null);
    }

    static DeliveryOutcome of(int status, @Nullable Duration retryAfter) {
        var kind =
                status >= 200 && status < 300
                        ? Kind.DELIVERED
                        : status == 410 ? Kind.GONE : Kind.REFUSED;
        return new DeliveryOutcome(kind, status, retryAfter);
    }

    public boolean delivered() {
        return kind == Kind.DELIVERED;
    }
}
