package postern.login;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import postern.digest.Sha256;

/**
 * Token buckets by key, of which those unused for longest are forgotten beyond a bound.
 * Thread-safe.
 */
public final class Budgets {

    /** Each takes some 300 octets. */
    private static final int MOST = 20_000;

    /** Strangers choose user names; a longer key is replaced by its hash. */
    private static final int LONGEST_KEY = 150;

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

    /**
     * @param capacity the tokens of a full bucket
     * @param refill the time in which an empty bucket becomes full again, evenly
     */
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
        var bounded =
                key.length() <= LONGEST_KEY
                        ? key
                        : Sha256.base64Url(key.getBytes(StandardCharsets.UTF_8), Sha256.OCTETS);
        synchronized (byKey) {
            return byKey.computeIfAbsent(bounded, _ -> full());
        }
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, refill))
                .withCustomTimePrecision(clock)
                .build();
    }
}
