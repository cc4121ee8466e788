package postern.web;

import java.util.List;
import postern.web.Problem.InputError;

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

    List<InputError> errors() {
        return errors;
    }
}
