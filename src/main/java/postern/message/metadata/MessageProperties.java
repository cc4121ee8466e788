package postern.message.metadata;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * What is remembered of messages between requests.
 *
 * @param cacheSize The memory for what lists show of messages and never changes, such as addresses,
 *     subject and preview. What nobody has looked at for an hour is dropped. When it is not set, an
 *     eighth of the heap, but at least 64 MB. Unit: bytes, 0 for none. Interplay: the heap
 *     (container image: 70 percent of the memory of the container) must also hold {@code
 *     postern.thread.cache-size} and {@code postern.idempotency.cache-size}.
 */
@ConfigurationProperties("postern.message")
public record MessageProperties(@Nullable DataSize cacheSize) {

    private static final DataSize LEAST = DataSize.ofMegabytes(64);

    public MessageProperties {
        cacheSize = Objects.requireNonNullElseGet(cacheSize, MessageProperties::byHeap);
    }

    private static DataSize byHeap() {
        return DataSize.ofBytes(Math.max(LEAST.toBytes(), Runtime.getRuntime().maxMemory() / 8));
    }

    /** Never null: the default is applied in the constructor. */
    @Override
    public DataSize cacheSize() {
        return Objects.requireNonNull(cacheSize);
    }
}
