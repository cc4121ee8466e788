package postern.web.idempotency;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.web.problem.InvalidRequest;

/**
 * Reads the key of a request: bare text, or a string in quotes as in structured fields (RFC 9651
 * §4.2.5), which is the same key.
 */
final class IdempotencyKey {

    private static final Pattern KEY = Pattern.compile("[\\x20-\\x7e]{1,255}");
    private static final Pattern QUOTED =
            Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\"\\\\])*+)\"");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    /** All characters of a key may be escaped. */
    private static final int LONGEST = 2 * 255 + 2;

    private IdempotencyKey() {}

    /** Null where the request has none. Throws InvalidRequest. */
    static @Nullable String of(HttpServletRequest request) {
        var keys = Collections.list(request.getHeaders(IdempotencyKeys.HEADER));
        if (keys.isEmpty()) {
            return null;
        }
        if (keys.size() > 1) {
            throw malformed("is there twice");
        }
        var key = keys.getFirst();
        if (key.startsWith("\"")) {
            key = unquoted(key);
        }
        if (!KEY.matcher(key).matches()) {
            throw malformed("must be 1 to 255 printable ASCII characters");
        }
        return key;
    }

    private static String unquoted(String text) {
        var quoted = QUOTED.matcher(text);
        if (text.length() > LONGEST || !quoted.matches()) {
            throw malformed("begins with a quote and is no string of RFC 9651");
        }
        return ESCAPED.matcher(quoted.group(1)).replaceAll("$1");
    }

    private static InvalidRequest malformed(String detail) {
        return InvalidRequest.parameter(IdempotencyKeys.HEADER, detail);
    }
}
