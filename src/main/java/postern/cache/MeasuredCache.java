package postern.cache;

import com.github.benmanes.caffeine.cache.Cache;

/** A cache of the gateway; {@link CacheMetrics} shows it to operators. */
public interface MeasuredCache {

    /** The value of the tag {@code cache}. */
    String cacheName();

    /** Its weight must be approximate bytes of heap, and it must record statistics. */
    Cache<?, ?> cache();
}
