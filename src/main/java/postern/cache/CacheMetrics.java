package postern.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Policy.Eviction;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.springframework.stereotype.Component;

/** The metrics of all caches: how many bytes they hold, and whether they are of use. */
@Component
final class CacheMetrics implements MeterBinder {

    private static final String GETS = "Look-ups in a cache, by whether it had what was asked for.";

    private final List<MeasuredCache> caches;

    CacheMetrics(List<MeasuredCache> caches) {
        this.caches = List.copyOf(caches);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (var measured : caches) {
            var cache = measured.cache();
            var tags = Tags.of("cache", measured.cacheName());
            Gauge.builder("postern.cache.size", cache, CacheMetrics::octets)
                    .description("Memory that a cache takes.")
                    .tags(tags)
                    .baseUnit("bytes")
                    .register(registry);
            count("postern.cache.gets", tags.and("result", "hit"), cache, CacheStats::hitCount)
                    .description(GETS)
                    .register(registry);
            count("postern.cache.gets", tags.and("result", "miss"), cache, CacheStats::missCount)
                    .description(GETS)
                    .register(registry);
            count("postern.cache.evictions", tags, cache, CacheStats::evictionCount)
                    .description("Entries that a cache dropped for want of room.")
                    .register(registry);
        }
    }

    private static double octets(Cache<?, ?> cache) {
        return cache.policy()
                .eviction()
                .map(Eviction::weightedSize)
                .orElse(OptionalLong.empty())
                .orElse(0);
    }

    private static FunctionCounter.Builder<Cache<?, ?>> count(
            String name, Tags tags, Cache<?, ?> cache, ToLongFunction<CacheStats> count) {
        return FunctionCounter.<Cache<?, ?>>builder(
                        name, cache, it -> count.applyAsLong(it.stats()))
                .tags(tags);
    }
}
