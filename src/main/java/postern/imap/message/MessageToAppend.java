package postern.imap.message;

import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message to append.
 *
 * @param internalDate now when null
 * @param content its octets, at hand: nobody waits for them
 * @param octets how many the content gives, exactly
 */
public record MessageToAppend(
        Set<Flag> flags, @Nullable Instant internalDate, InputStream content, long octets) {}
