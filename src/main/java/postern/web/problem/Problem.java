package postern.web.problem;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;

/** The JSON of a failed request (RFC 9457). */
@Schema(description = "What went wrong (RFC 9457), and whether trying again may help.")
public record Problem(
        @Schema(
                        description = "What kind of problem: `/problems/` and the code.",
                        format = "uri-reference",
                        example = "/problems/message-not-found")
                URI type,
        @Schema(description = "The kind of problem in words.", example = "No such message")
                String title,
        @Schema(description = "The HTTP status.", example = "404") int status,
        @Schema(description = "What went wrong this time.", example = "The message was expunged.")
                @Nullable String detail,
        @Schema(
                        description = "The kind of problem as a stable word.",
                        example = "message-not-found")
                String code,
        @Schema(description = "Whether the same request may succeed later.", example = "false")
                boolean retryable,
        @Schema(
                        description = "The mail server's own response code (RFC 5530).",
                        example = "NONEXISTENT")
                @Nullable String imapResponseCode,
        @Schema(description = "Which inputs are bad.") @Nullable List<InputError> errors) {

    public static Problem of(ProblemCode code, @Nullable String detail) {
        return of(code, detail, null, List.of());
    }

    /** The problem of one item of a batch. */
    public static Problem of(ImapException failure) {
        return of(
                ProblemCode.of(failure),
                failure.getMessage(),
                failure.responseCode() == null ? null : failure.responseCode().name(),
                List.of());
    }

    public static Problem of(ProblemException failure) {
        return of(failure.code(), failure.getMessage(), null, failure.errors());
    }

    private static Problem of(
            ProblemCode code,
            @Nullable String detail,
            @Nullable String imapResponseCode,
            List<InputError> errors) {
        return new Problem(
                URI.create("/problems/" + code),
                code.title(),
                code.status().value(),
                detail,
                code.toString(),
                code.retryable(),
                imapResponseCode,
                errors.isEmpty() ? null : errors);
    }

    /** An invalid input, named by a JSON pointer into the body or by its parameter. */
    @Schema(name = "InputError", description = "One bad input, named by `pointer` or `parameter`.")
    public record InputError(
            @Schema(description = "Where in the body (RFC 6901).", example = "/keywords/$seen")
                    @Nullable String pointer,
            @Schema(description = "Which parameter or header.", example = "limit")
                    @Nullable String parameter,
            @Schema(description = "What is wrong with it.", example = "must be at most 200")
                    String detail) {

        public static InputError ofParameter(String parameter, String detail) {
            return new InputError(null, parameter, detail);
        }

        public static InputError at(String pointer, String detail) {
            return new InputError(pointer, null, detail);
        }

        String subject() {
            if (parameter != null) {
                return "`%s`".formatted(parameter);
            }
            return pointer == null || pointer.isEmpty() ? "the body" : "`%s`".formatted(pointer);
        }
    }
}
