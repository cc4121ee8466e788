package postern.imap;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where messages went by COPY or MOVE.
 *
 * @param uidValidity of the destination; null where the server has no UIDPLUS (RFC 4315)
 * @param uids the old UID to the new one; empty where the server did not say
 */
public record Copied(@Nullable Long uidValidity, Map<Long, Long> uids) {

    public static final Copied UNKNOWN = new Copied(null, Map.of());
}
