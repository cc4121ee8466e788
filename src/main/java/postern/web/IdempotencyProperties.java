package postern.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How long and how much is remembered of requests with an idempotency key.
 *
 * @param lifetime for which a repetition gets the first answer
 * @param cacheSize how much memory may hold answers; beyond it those least recently given are
 *     forgotten
 * @param maxAnswerSize the largest answer that is kept
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
