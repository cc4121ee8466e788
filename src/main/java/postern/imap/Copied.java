package postern.imap;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of a COPY or MOVE. */
public record Copied(@Nullable Long uidValidity, Map<Long, Long> uids) {

    public static final Copied UNKNOWN = new Copied(null, Map.of());
}
