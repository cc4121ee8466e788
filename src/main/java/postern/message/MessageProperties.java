package postern.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Settings of this feature.
 *
 * @param cacheSize how much memory may hold what lists show of messages and never changes; 0 for
 *     none, and an eighth of the heap, but no less than 64 MB, when not given
 */
@ConfigurationProperties("postern.message")
record MessageProperties(@Nullable DataSize cacheSize) {

    private static final DataSize LEAST = DataSize.ofMegabytes(64);

    MessageProperties {
        cacheSize = Objects.requireNonNullElseGet(cacheSize, MessageProperties::byHeap);
    }

    private static DataSize byHeap() {
        return DataSize.ofBytes(Math.max(LEAST.toBytes(), Runtime.getRuntime().maxMemory() / 8));
    }

    /** Never null: what is not given is settled here. */
    @Override
    public DataSize cacheSize() {
        return Objects.requireNonNull(cacheSize);
    }
}
