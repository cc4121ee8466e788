package postern.web.problem;

import java.util.List;
import java.util.stream.Collectors;
import postern.web.problem.Problem.InputError;

/** The request is invalid; names the parameter, the header or the JSON pointer. */
public final class InvalidRequest extends ProblemException {

    private InvalidRequest(ProblemCode code, List<InputError> errors) {
        super(code, sentence(errors), errors);
    }

    public InvalidRequest(List<InputError> errors) {
        this(ProblemCode.INVALID_REQUEST, errors);
    }

    /** A query parameter or header; the detail continues its name: "must be at most 200". */
    public static InvalidRequest parameter(String name, String detail) {
        return new InvalidRequest(List.of(InputError.ofParameter(name, detail)));
    }

    /** A JSON pointer into the body (RFC 6901); the detail continues it: "is not a message id". */
    public static InvalidRequest at(String pointer, String detail) {
        return new InvalidRequest(List.of(InputError.at(pointer, detail)));
    }

    /** A cursor that is damaged or belongs to another list. */
    public static InvalidRequest cursor(String parameter) {
        return new InvalidRequest(
                ProblemCode.INVALID_CURSOR,
                List.of(InputError.ofParameter(parameter, "is not a cursor of this list")));
    }

    /** Like {@link #cursor} for a cursor in the JSON body. */
    public static InvalidRequest cursorAt(String pointer) {
        return new InvalidRequest(
                ProblemCode.INVALID_CURSOR,
                List.of(InputError.at(pointer, "is not a cursor of this list")));
    }

    private static String sentence(List<InputError> errors) {
        return errors.stream()
                .map(error -> error.subject() + " " + error.detail())
                .collect(Collectors.joining("; "));
    }
}
