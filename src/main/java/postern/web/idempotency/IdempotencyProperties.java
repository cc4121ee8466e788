package postern.web.idempotency;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is remembered of requests with an {@code Idempotency-Key}, in the memory of each replica.
 *
 * @param lifetime How long a key is remembered after its request has ended: a repetition gets the
 *     first answer, or is told that the outcome is unknown. After that the key is new. Unit: time.
 *     Interplay: keys are forgotten earlier when {@code cache-size} is used up.
 * @param cacheSize The memory for recorded answers. Beyond it the answers least used are forgotten,
 *     and a request that repeats one of them is carried out again. Requests that are still running
 *     are never forgotten. Unit: bytes. Interplay: about 500 bytes a key come on top of each
 *     answer.
 * @param maxAnswerSize The largest answer that is recorded. A request with a larger answer is
 *     carried out, but its repetition is answered 502 {@code outcome-unknown}. Unit: bytes.
 *     Interplay: should be much smaller than {@code cache-size}.
 */
@ConfigurationProperties("postern.idempotency")
record IdempotencyProperties(
        @DefaultValue("24h") Duration lifetime,
        @DefaultValue("64MB") DataSize cacheSize,
        @DefaultValue("8MB") DataSize maxAnswerSize) {

    IdempotencyProperties {
        if (!lifetime.isPositive()) {
            throw new IllegalArgumentException("postern.idempotency.lifetime must be positive");
        }
    }
}
