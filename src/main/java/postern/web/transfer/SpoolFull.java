package postern.web.transfer;

import org.springframework.http.HttpHeaders;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Other uploads use all the disk space for uploads. */
public final class SpoolFull extends ProblemException {

    SpoolFull() {
        super(ProblemCode.UPLOADS_FULL, "other uploads take all the room there is for them");
    }

    @Override
    public HttpHeaders headers() {
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "5");
        return headers;
    }
}
