package postern.imap.message;

import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message to append.
 *
 * @param internalDate now when null
 * @param content its octets, available without waiting
 * @param octets the exact length of the content
 */
public record MessageToAppend(
        Set<Flag> flags, @Nullable Instant internalDate, InputStream content, long octets) {}
