package postern.web.problem;

import java.time.Duration;
import org.springframework.http.HttpHeaders;

/** The caller has used up what it may for the moment; nothing was done. */
public class TooManyRequests extends ProblemException {

    private final Duration retryAfter;

    public TooManyRequests(String detail, Duration retryAfter) {
        this(ProblemCode.TOO_MANY_REQUESTS, detail, retryAfter);
    }

    public TooManyRequests(ProblemCode code, String detail, Duration retryAfter) {
        super(code, detail);
        this.retryAfter = retryAfter;
    }

    @Override
    public HttpHeaders headers() {
        var headers = new HttpHeaders();
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return headers;
    }
}
