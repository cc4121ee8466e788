package postern.web.body;

import org.springframework.http.HttpHeaders;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** The client sends the body too slowly, or has stopped in the middle of it. */
final class SlowBody extends ProblemException {

    SlowBody() {
        super(ProblemCode.REQUEST_TOO_SLOW, "the body did not come in time");
    }

    /** RFC 9110 §15.5.9. */
    @Override
    public HttpHeaders headers() {
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.CONNECTION, "close");
        return headers;
    }
}
