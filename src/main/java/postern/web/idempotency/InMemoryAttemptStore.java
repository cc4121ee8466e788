package postern.web.idempotency;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import postern.cache.MeasuredCache;

/** Keeps attempts in memory for a time; evicts the least recently used ones beyond the limit. */
@Component
final class InMemoryAttemptStore implements AttemptStore, MeasuredCache {

    /** The memory of an attempt besides its response: name, fingerprint, Caffeine's node. */
    private static final int OVERHEAD = 500;

    private final Cache<String, Attempt> attempts;

    @Autowired
    InMemoryAttemptStore(IdempotencyProperties properties) {
        this(properties, Ticker.systemTicker());
    }

    InMemoryAttemptStore(IdempotencyProperties properties, Ticker ticker) {
        attempts =
                Caffeine.newBuilder()
                        .ticker(ticker)
                        .maximumWeight(properties.cacheSize().toBytes())
                        .weigher((String _, Attempt attempt) -> octets(attempt))
                        .recordStats()
                        .expireAfterWrite(properties.lifetime())
                        .build();
    }

    @Override
    public String cacheName() {
        return "idempotency";
    }

    @Override
    public Cache<?, ?> cache() {
        return attempts;
    }

    /** A running attempt has weight 0, since Caffeine never evicts such entries. */
    private static int octets(Attempt attempt) {
        return switch (attempt) {
            case Attempt.Running _ -> 0;
            case Attempt.Doubtful(var _, var messages, var unfinished) ->
                    OVERHEAD * (1 + messages.size())
                            + (unfinished == null ? 0 : unfinished.octets());
            case Attempt.Answered answered -> OVERHEAD + answered.body().length;
        };
    }

    @Override
    public Optional<Attempt> begin(String name, Attempt.Running attempt) {
        return Optional.ofNullable(attempts.asMap().putIfAbsent(name, attempt));
    }

    @Override
    public boolean beginAgain(String name, Attempt.Doubtful earlier, Attempt.Running attempt) {
        return attempts.asMap().replace(name, earlier, attempt);
    }

    @Override
    public void end(String name, Attempt attempt) {
        attempts.put(name, attempt);
    }

    @Override
    public void forget(String name) {
        attempts.invalidate(name);
    }
}
