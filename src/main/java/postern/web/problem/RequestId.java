package postern.web.problem;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a request: the caller's {@code X-Request-Id}, else the trace id of its {@code
 * traceparent} (W3C Trace Context), else a random one.
 */
public final class RequestId {

    public static final String HEADER = "X-Request-Id";

    /** Nothing that would break a line of the log, or pretend to be one. */
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /** The version ff is forbidden. */
    private static final Pattern TRACE_PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    private static final String NO_TRACE = "0".repeat(32);

    private static final SecureRandom RANDOM = new SecureRandom();

    private RequestId() {}

    /**
     * @param header the value of a header by its name; null where there is none
     */
    public static String of(Function<String, @Nullable String> header) {
        var told = header.apply(HEADER);
        if (told != null && USABLE.matcher(told).matches()) {
            return told;
        }
        var traced = traced(header.apply("traceparent"));
        if (traced != null) {
            return traced;
        }
        byte[] octets = new byte[16];
        RANDOM.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }

    private static @Nullable String traced(@Nullable String parent) {
        if (parent == null || parent.length() > 512) {
            return null;
        }
        var matched = TRACE_PARENT.matcher(parent);
        return matched.matches() && !matched.group(1).equals(NO_TRACE) ? matched.group(1) : null;
    }
}
