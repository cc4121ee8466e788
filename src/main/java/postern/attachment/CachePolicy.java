package postern.attachment;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/**
 * How long a browser may cache a file.
 *
 * @param varies whether the same URL may give another user of the browser a different file
 */
record CachePolicy(String control, boolean varies) {

    static final CachePolicy FOR_EVER =
            new CachePolicy("private, max-age=31536000, immutable", true);

    /** For content that may have changed. */
    static final CachePolicy REVALIDATED = new CachePolicy("private, max-age=0", true);

    /** For a URL that belongs to one user and expires. */
    static CachePolicy atMost(Duration time) {
        return new CachePolicy("private, max-age=" + Math.max(0, time.toSeconds()), false);
    }

    void describeTo(HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, control);
        if (varies) {
            response.addHeader(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
        }
    }
}
