package postern.shared;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Shares with the requests of this process alone; everything is lost when it ends. */
public final class InMemorySharedState implements SharedState, MeterBinder {

    private final InstantSource clock;
    private final Map<SharedArea, BoundedEntries> areas = new EnumMap<>(SharedArea.class);

    InMemorySharedState(Iterable<AreaBound> bounds) {
        this(InstantSource.system());
        bounds.forEach(
                bound -> areas.put(bound.area(), entries(bound.area(), bound.most().toBytes())));
    }

    public InMemorySharedState(InstantSource clock) {
        this.clock = clock;
        for (var area : SharedArea.values()) {
            areas.put(area, entries(area, area.most().toBytes()));
        }
    }

    /** With room for this many octets in each area. */
    public InMemorySharedState(InstantSource clock, long most) {
        this(clock);
        areas.replaceAll((area, _) -> entries(area, most));
    }

    private BoundedEntries entries(SharedArea area, long most) {
        boolean lossless = area.lossless() || area.mirrored();
        return new BoundedEntries(area.name(), most, lossless, most / area.owners(), clock);
    }

    @Override
    public byte @Nullable [] get(SharedArea area, String key) {
        var entry = entries(area).get(key);
        return entry == null ? null : entry.value().clone();
    }

    @Override
    public void put(SharedArea area, String key, byte[] value, Duration lifetime) {
        try {
            entries(area).put(key, value.clone(), clock.instant().plus(lifetime));
        } catch (SharedStateFull e) {
            throw area.mirrored() && !e.ofOwner() ? new SharedStateUnavailable(e) : e;
        }
    }

    @Override
    public boolean compareAndSet(
            SharedArea area,
            String key,
            byte @Nullable [] expected,
            byte @Nullable [] value,
            Duration lifetime) {
        var entries = entries(area);
        while (true) {
            var present = entries.get(key);
            if (!Arrays.equals(present == null ? null : present.value(), expected)) {
                return false;
            }
            boolean done =
                    value == null
                            ? present == null || entries.remove(present)
                            : entries.replace(
                                    present, key, value.clone(), clock.instant().plus(lifetime));
            if (done) {
                return true;
            }
        }
    }

    @Override
    public boolean durable() {
        return false;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        areas.forEach((area, entries) ->
                Gauge.builder("postern.shared.size", entries, BoundedEntries::octets)
                        .description("Memory for what outlives a request, by area.")
                        .tag("area", area.word())
                        .baseUnit("bytes")
                        .register(registry));
    }

    private BoundedEntries entries(SharedArea area) {
        return Objects.requireNonNull(areas.get(area));
    }
}
