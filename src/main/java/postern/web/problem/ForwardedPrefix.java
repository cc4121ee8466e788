package postern.web.problem;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path below which a proxy publishes the gateway, as it says in {@code X-Forwarded-Prefix}.
 * Several proxies may each have added their own behind a comma.
 */
public final class ForwardedPrefix {

    public static final String HEADER = "X-Forwarded-Prefix";

    /** Segments of RFC 3986 §3.3, none of them empty; a comma parts two proxies. */
    private static final Pattern PATH =
            Pattern.compile("(?:/(?:[A-Za-z0-9._~!$&'()*+;=:@-]|%[0-9A-Fa-f]{2})++)*+/*");

    private ForwardedPrefix() {}

    /** Whether it is a path that URLs can begin with. An absent one is. */
    public static boolean isPath(@Nullable String header) {
        if (header == null) {
            return true;
        }
        for (var part : header.split(",", -1)) {
            if (!PATH.matcher(part.strip()).matches()) {
                return false;
            }
        }
        return true;
    }
}
