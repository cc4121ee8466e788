package postern.attachment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The conditions of a request on a file that never changes (RFC 9110 §13). */
record FileConditions(
        @Nullable String ifMatch, @Nullable String ifNoneMatch, @Nullable String ifRange) {

    /** Whether the caller wants another file than this one. */
    boolean excludes(String etag) {
        return ifMatch != null && !listed(ifMatch, etag, false);
    }

    /** Whether the caller has the file already. */
    boolean has(String etag) {
        return ifNoneMatch != null && listed(ifNoneMatch, etag, true);
    }

    /** Whether a range of the file may be sent: the caller has the rest of this very one. */
    boolean permitRange(String etag) {
        return ifRange == null || ifRange.strip().equals(etag);
    }

    private static boolean listed(String header, String etag, boolean weak) {
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .map(tag -> weak && tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(tag -> tag.equals("*") || tag.equals(etag));
    }
}
