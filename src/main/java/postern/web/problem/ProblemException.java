package postern.web.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import postern.web.problem.Problem.InputError;

/** Ends a request with a problem of the gateway's own; the message is shown to the caller. */
public class ProblemException extends RuntimeException {

    private final ProblemCode code;
    private final List<InputError> errors;

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of());
    }

    ProblemException(ProblemCode code, String detail, List<InputError> errors) {
        super(detail);
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    public ProblemCode code() {
        return code;
    }

    /** Further headers of the response. */
    public HttpHeaders headers() {
        return HttpHeaders.EMPTY;
    }

    /** The status of the submission server's reply, if that is why. */
    @Nullable String smtpStatus() {
        return null;
    }

    /** What the submission server answered for each recipient, if that is why. */
    List<RecipientAnswer> recipients() {
        return List.of();
    }

    List<InputError> errors() {
        return errors;
    }
}
