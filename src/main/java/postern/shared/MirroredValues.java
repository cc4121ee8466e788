package postern.shared;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this process has seen of an area in the store, in bounded memory. Where it had no room for a
 * value, it does not say of others that there is none, and throws {@link SharedStateUnavailable}
 * until that value would have ended. If only the share of one owner was used up, this concerns only
 * the keys of that owner.
 */
final class MirroredValues {

    private static final String ALL = "";

    private final InMemorySharedState memory;
    private final InstantSource clock;

    /** Whose values are not all here, and until when. */
    private final Map<String, Instant> incomplete = new ConcurrentHashMap<>();

    MirroredValues(InMemorySharedState memory, InstantSource clock) {
        this.memory = memory;
        this.clock = clock;
    }

    byte @Nullable [] get(SharedArea area, String key) {
        var value = memory.get(area, key);
        if (value == null) {
            requireComplete(List.of(key));
        }
        return value;
    }

    boolean hasAny(SharedArea area, Collection<String> keys) {
        boolean any = memory.hasAny(area, keys);
        if (!any) {
            requireComplete(keys);
        }
        return any;
    }

    void put(SharedArea area, String key, byte[] value, Duration lifetime) {
        try {
            memory.put(area, key, value, lifetime);
        } catch (SharedStateFull _) {
            lacks(owner(key), lifetime);
        } catch (SharedStateUnavailable _) {
            lacks(ALL, lifetime);
        }
    }

    private void lacks(String owner, Duration lifetime) {
        var now = clock.instant();
        incomplete.values().removeIf(until -> !now.isBefore(until));
        incomplete.merge(owner, now.plus(lifetime), (a, b) -> a.isAfter(b) ? a : b);
    }

    private void requireComplete(Collection<String> keys) {
        if (lacks(ALL) || keys.stream().anyMatch(key -> lacks(owner(key)))) {
            throw new SharedStateUnavailable(null);
        }
    }

    private boolean lacks(String owner) {
        var until = incomplete.get(owner);
        return until != null && clock.instant().isBefore(until);
    }

    /** A key without an owner is that of an owner itself, such as a login. */
    private static String owner(String key) {
        return Objects.requireNonNullElse(BoundedEntries.owner(key), key);
    }
}
