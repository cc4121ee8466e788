package postern.web;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.BindException;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.Problem.InputError;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Turns binding and parsing errors of Spring and Jackson into problems, without repeating the
 * input.
 */
final class BadInput {

    private BadInput() {}

    /** A parameter of the wrong type; a path variable that names nothing is a 404 instead. */
    static ProblemException of(MethodArgumentTypeMismatchException mistyped) {
        var parameter = mistyped.getParameter();
        if (parameter.hasParameterAnnotation(PathVariable.class)) {
            return notFound(parameter.getParameterType());
        }
        if (parameter.getParameterType().equals(Cursor.class)) {
            return InvalidRequest.cursor(mistyped.getName());
        }
        return InvalidRequest.parameter(mistyped.getName(), detail(mistyped));
    }

    private static ProblemException notFound(Class<?> type) {
        if (type.equals(MailboxId.class)) {
            return new ProblemException(
                    ProblemCode.MAILBOX_NOT_FOUND,
                    "the path holds neither a mailbox id nor a role");
        }
        if (type.equals(MessageId.class)) {
            return new ProblemException(
                    ProblemCode.MESSAGE_NOT_FOUND, "the path does not hold a message id");
        }
        if (type.equals(ThreadId.class)) {
            return new ProblemException(
                    ProblemCode.THREAD_NOT_FOUND, "the path does not hold a thread id");
        }
        return new ProblemException(ProblemCode.NOT_FOUND, "the path names nothing");
    }

    private static String detail(TypeMismatchException mistyped) {
        var type = mistyped.getRequiredType();
        if (type == boolean.class || type == Boolean.class) {
            return "is neither true nor false";
        }
        return switch (NestedExceptionUtils.getMostSpecificCause(mistyped)) {
            case NumberFormatException _ -> "is not a whole number within bounds";
            case DateTimeParseException _ -> "is not a time as in RFC 3339";
            case Throwable cause -> ours(cause);
        };
    }

    static InvalidRequest of(HandlerMethodValidationException invalid) {
        return new InvalidRequest(
                invalid.getParameterValidationResults().stream()
                        .flatMap(BadInput::errors)
                        .toList());
    }

    private static Stream<InputError> errors(ParameterValidationResult result) {
        var parameter = result.getMethodParameter();
        boolean body = parameter.hasParameterAnnotation(RequestBody.class);
        if (result instanceof ParameterErrors fields) {
            return fields.getFieldErrors().stream().map(error -> error(error, body));
        }
        return result.getResolvableErrors().stream()
                .map(error -> InputError.ofParameter(name(result), message(error)));
    }

    private static String name(ParameterValidationResult result) {
        var parameter = result.getMethodParameter();
        var named = parameter.getParameterAnnotation(RequestParam.class);
        return named != null && !named.name().isEmpty()
                ? named.name()
                : parameter.getParameter().getName();
    }

    static InvalidRequest of(BindException invalid) {
        boolean body =
                invalid instanceof MethodArgumentNotValidException argument
                        && argument.getParameter().hasParameterAnnotation(RequestBody.class);
        return new InvalidRequest(
                invalid.getFieldErrors().stream().map(error -> error(error, body)).toList());
    }

    private static InputError error(FieldError error, boolean body) {
        var detail =
                error.contains(TypeMismatchException.class)
                        ? detail(error.unwrap(TypeMismatchException.class))
                        : message(error);
        return body
                ? InputError.at(pointer(error.getField()), detail)
                : InputError.ofParameter(error.getField(), detail);
    }

    /** A JSON pointer from a Bean Validation path such as {@code to[0].name}. */
    private static String pointer(String field) {
        return "/" + field.replace("[", "/").replace("]", "").replace('.', '/');
    }

    private static String message(MessageSourceResolvable error) {
        var message = error.getDefaultMessage();
        return message == null ? "is not valid" : message;
    }

    static InvalidRequest of(HttpMessageNotReadableException unreadable) {
        return switch (unreadable.getCause()) {
            case InputCoercionException tooLarge ->
                    InvalidRequest.at(
                            pointer(tooLarge.getPath()), "is not a whole number within bounds");
            case StreamReadException broken ->
                    InvalidRequest.at(
                            "",
                            "is not JSON: line %d, column %d"
                                    .formatted(
                                            broken.getLocation().getLineNr(),
                                            broken.getLocation().getColumnNr()));
            case JacksonException wrong ->
                    InvalidRequest.at(pointer(wrong.getPath()), detail(wrong));
            case null -> InvalidRequest.at("", "is missing");
            default -> InvalidRequest.at("", "cannot be read");
        };
    }

    private static String pointer(List<JacksonException.Reference> path) {
        return path.stream().map(BadInput::step).collect(Collectors.joining());
    }

    private static String step(JacksonException.Reference reference) {
        var name = reference.getPropertyName();
        return "/"
                + (name == null
                        ? reference.getIndex()
                        : name.replace("~", "~0").replace("/", "~1"));
    }

    /** Jackson's own messages are not used: they name classes and repeat values. */
    private static String detail(JacksonException wrong) {
        return switch (wrong) {
            case UnrecognizedPropertyException _ -> "is not a field of this";
            case InvalidNullException _ -> "must not be null";
            case InvalidFormatException time when time.getTargetType() == Instant.class ->
                    "is not a date-time as in RFC 3339";
            case InvalidFormatException _ -> "is not valid";
            case ValueInstantiationException refused -> ours(refused.getCause());
            case MismatchedInputException mismatch when mismatch.getTargetType() == null ->
                    "is not valid";
            case MismatchedInputException _ -> "is missing or of another type";
            default -> "is not valid";
        };
    }

    /**
     * The message of an IllegalArgumentException of our own types; other exceptions may disclose
     * too much.
     */
    private static String ours(@Nullable Throwable cause) {
        return cause != null && cause.getClass() == IllegalArgumentException.class
                ? String.valueOf(cause.getMessage())
                : "is not valid";
    }
}
