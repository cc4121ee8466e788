package postern.attachment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The conditional headers of a request for an immutable file (RFC 9110 §13). */
record FileConditions(
        @Nullable String ifMatch, @Nullable String ifNoneMatch, @Nullable String ifRange) {

    /** Whether If-Match fails: the caller wants another file than this one. */
    boolean excludes(String etag) {
        return ifMatch != null && !listed(ifMatch, etag, false);
    }

    /** Whether the caller has the file already. */
    boolean has(String etag) {
        return ifNoneMatch != null && listed(ifNoneMatch, etag, true);
    }

    /** Whether a range may be sent: If-Range matches this file. */
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
