package postern.web.idempotency;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is remembered of requests with an {@code Idempotency-Key}.
 *
 * @param lifetime How long a key is remembered after its request has ended: a repetition gets the
 *     first answer, or is told that the outcome is unknown. After that the key is new. Unit: time.
 *     Interplay: no key is forgotten earlier, so that a longer time needs more {@code cache-size}.
 * @param cacheSize The memory for keys and recorded answers. When it is used up, requests with new
 *     keys are answered 503 {@code keys-full}, and those of an account that has used up a quarter
 *     of it 429 {@code too-many-requests}. Unit: bytes. Interplay: each key takes about 500 bytes,
 *     and the answer on top of that. As much as a quarter of it more is used for what unfinished
 *     requests leave for their repetition.
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
