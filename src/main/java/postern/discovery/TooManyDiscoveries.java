package postern.discovery;

import org.springframework.http.HttpHeaders;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Other requests use all places for remote discovery. */
final class TooManyDiscoveries extends ProblemException {

    TooManyDiscoveries() {
        super(ProblemCode.CONNECTION_LIMIT, "too many other addresses are being looked for");
    }

    @Override
    public HttpHeaders headers() {
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "5");
        return headers;
    }
}
