package postern.login;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Token buckets by key, of which those unused for longest are forgotten beyond a bound.
 * Thread-safe.
 */
public final class Budgets {

    /** Each takes some 300 octets. */
    private static final int MOST = 20_000;

    private final int capacity;
    private final Duration refill;
    private final TimeMeter clock;
    private final Map<String, Bucket> byKey =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > MOST;
                }
            };

    /** So many tokens, which come back evenly within this time. */
    public Budgets(int capacity, Duration refill) {
        this(capacity, refill, TimeMeter.SYSTEM_NANOTIME);
    }

    public Budgets(int capacity, Duration refill, TimeMeter clock) {
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

    public Bucket of(String key) {
        synchronized (byKey) {
            return byKey.computeIfAbsent(key, _ -> full());
        }
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, refill))
                .withCustomTimePrecision(clock)
                .build();
    }
}
