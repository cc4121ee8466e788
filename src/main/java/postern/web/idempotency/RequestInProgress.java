package postern.web.idempotency;

import org.springframework.http.HttpHeaders;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** A request with the same idempotency key has not ended yet. */
public final class RequestInProgress extends ProblemException {

    public RequestInProgress() {
        super(
                ProblemCode.REQUEST_IN_PROGRESS,
                "a request with this `%s` is still running".formatted(IdempotencyKeys.HEADER));
    }

    @Override
    public HttpHeaders headers() {
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "1");
        return headers;
    }
}
