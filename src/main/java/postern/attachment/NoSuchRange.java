package postern.attachment;

import org.springframework.http.HttpHeaders;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** The requested range is not satisfiable (RFC 9110 §15.5.17). */
final class NoSuchRange extends ProblemException {

    private final long length;

    NoSuchRange(long length) {
        super(ProblemCode.RANGE_NOT_SATISFIABLE, "the file has %d octets".formatted(length));
        this.length = length;
    }

    @Override
    public HttpHeaders headers() {
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.CONTENT_RANGE, "bytes */" + length);
        return headers;
    }
}
