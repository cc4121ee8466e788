package postern.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Cache<String, String> cache =
            Caffeine.newBuilder()
                    .maximumWeight(100)
                    .weigher((String _, String value) -> value.length())
                    .executor(Runnable::run)
                    .recordStats()
                    .build();

    @Test
    void showsTheBytesTheHitsAndWhatWasDropped() {
        new CacheMetrics(List.of(new Measured(cache))).bindTo(registry);

        cache.put("a", "x".repeat(60));
        assertThat(cache.getIfPresent("a")).isNotNull();
        assertThat(cache.getIfPresent("b")).isNull();
        assertThat(cache.getIfPresent("c")).isNull();

        assertThat(registry.get("postern.cache.size").tag("cache", "letters").gauge().value())
                .isEqualTo(60);
        assertThat(gets("hit")).isEqualTo(1);
        assertThat(gets("miss")).isEqualTo(2);

        cache.put("d", "x".repeat(60));
        cache.cleanUp();

        assertThat(registry.get("postern.cache.evictions").functionCounter().count()).isEqualTo(1);
    }

    private double gets(String result) {
        return registry.get("postern.cache.gets").tag("result", result).functionCounter().count();
    }

    private record Measured(Cache<?, ?> cache) implements MeasuredCache {

        @Override
        public String cacheName() {
            return "letters";
        }
    }
}
