package postern.web.idempotency;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that has an idempotency key, for handlers that remember more of it than this process.
 *
 * @param route the same for every request of an operation
 * @param key as the caller chose it
 * @param fingerprint a hash of the request, to tell a repetition from a different request
 */
public record KeyedRequest(String route, String key, String fingerprint) {

    private static final String ATTRIBUTE = KeyedRequest.class.getName();

    /** Null where the request has no key. */
    public static @Nullable KeyedRequest of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof KeyedRequest keyed ? keyed : null;
    }

    void attachTo(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }
}
