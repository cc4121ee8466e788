package postern.login;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import postern.digest.Sha256;
import postern.shared.SharedState;

/**
 * Budgets by key, of which those unused for longest are forgotten beyond a bound; what the store of
 * the replicas knows of them is not. Thread-safe.
 */
public final class Budgets {

    /** Each takes some 400 octets. */
    private static final int MOST = 20_000;

    /** Strangers choose user names; a longer key is replaced by its hash. */
    private static final int LONGEST_KEY = 150;

    private final SharedState state;
    private final UnaryOperator<String> hash;
    private final int capacity;
    private final Duration refill;
    private final TimeMeter clock;
    private final Map<String, Budget> byKey =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Budget> eldest) {
                    return size() > MOST;
                }
            };

    /**
     * @param hash what a key is called in the store
     */
    Budgets(
            SharedState state,
            UnaryOperator<String> hash,
            int capacity,
            Duration refill,
            TimeMeter clock) {
        this.state = state;
        this.hash = hash;
        this.capacity = capacity;
        this.refill = refill;
        this.clock = clock;
    }

    public int capacity() {
        return capacity;
    }

    public Duration refill() {
        return refill;
    }

    TimeMeter clock() {
        return clock;
    }

    SharedState state() {
        return state;
    }

    public Budget of(String key) {
        var bounded =
                key.length() <= LONGEST_KEY
                        ? key
                        : Sha256.base64Url(key.getBytes(StandardCharsets.UTF_8), Sha256.OCTETS);
        synchronized (byKey) {
            return byKey.computeIfAbsent(bounded, it -> new Budget(this, hash.apply(it), bucket()));
        }
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, refill))
                .withCustomTimePrecision(clock)
                .build();
    }
}
