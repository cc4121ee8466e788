package postern.attachment;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/**
 * How long a browser may keep a file.
 *
 * @param varies whether the URL is the same for the next user of this browser, and the file is not
 */
record CachePolicy(String control, boolean varies) {

    static final CachePolicy FOR_EVER =
            new CachePolicy("private, max-age=31536000, immutable", true);

    /** For a URL that is one user's own and ends. */
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
