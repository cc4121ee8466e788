package postern.web.problem;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import tools.jackson.databind.annotation.JsonSerialize;

/// What went wrong (RFC 9457), and whether trying again may help.
///
/// @param type What kind of problem, and where its page is: the path of the gateway, `/problems/`
///   and the code.
/// @param title The kind of problem in words.
/// @param status The HTTP status.
/// @param detail What went wrong this time.
/// @param code The kind of problem as a stable word.
/// @param retryable Whether the same request may succeed later.
/// @param reason Why the mail server cannot be reached: `dns`, `refused`, `no-route`, `timeout`,
///   `certificate-expired`, `certificate-not-yet-valid`, `certificate-untrusted`,
///   `certificate-name`, `not-tls`, `tls-failed`, `no-greeting`, `not-imap`, `no-starttls`, `proxy`
///   or `closed`.
/// @param imapResponseCode The mail server's own response code (RFC 5530).
/// @param smtpStatus What the submission server answered, where it refuses: the reply code, and
///   behind a space the enhanced status code (RFC 3463) if it told one.
/// @param recipients What the submission server answered for each recipient, where it refuses
///   recipients.
/// @param errors Which inputs are bad.
/// @param requestId The id of the request, as in the answer's `X-Request-Id` and in the log; absent
///   in the results of a batch.
public record Problem(
        @JsonSerialize(using = ProblemType.Writer.class)
                @Schema(format = "uri-reference", example = "/problems/message-not-found")
                URI type,
        @Schema(example = "No such message") String title,
        @Schema(example = "404") int status,
        @Schema(example = "The message was expunged.") @Nullable String detail,
        @Schema(implementation = ProblemCode.class) String code,
        @Schema(example = "false") boolean retryable,
        @Schema(example = "refused") @Nullable String reason,
        @Schema(example = "NONEXISTENT") @Nullable String imapResponseCode,
        @Schema(example = "550 5.7.1") @Nullable String smtpStatus,
        @Nullable List<RecipientAnswer> recipients,
        @Nullable List<InputError> errors,
        @Schema(example = "4bf92f3577b34da6a3ce929d0e0e4736") @Nullable String requestId) {

    /**
     * The same as the answer to a request.
     *
     * @param contextPath where the gateway is for the caller
     * @param requestId null where the request has none
     */
    Problem answering(String contextPath, @Nullable String requestId) {
        return new Problem(
                ProblemType.below(contextPath, type),
                title,
                status,
                detail,
                code,
                retryable,
                reason,
                imapResponseCode,
                smtpStatus,
                recipients,
                errors,
                requestId);
    }

    public static Problem of(ProblemCode code, @Nullable String detail) {
        return of(code, detail, null, null, null, List.of(), List.of());
    }

    /** The problem of one item of a batch. */
    public static Problem of(ImapException failure) {
        return of(
                ProblemCode.of(failure),
                failure.getMessage(),
                failure.outage() == null ? null : failure.outage().toString(),
                failure.responseCode() == null ? null : failure.responseCode().name(),
                null,
                List.of(),
                List.of());
    }

    public static Problem of(ProblemException failure) {
        return of(
                failure.code(),
                failure.getMessage(),
                null,
                null,
                failure.smtpStatus(),
                failure.recipients(),
                failure.errors());
    }

    private static Problem of(
            ProblemCode code,
            @Nullable String detail,
            @Nullable String reason,
            @Nullable String imapResponseCode,
            @Nullable String smtpStatus,
            List<RecipientAnswer> recipients,
            List<InputError> errors) {
        return new Problem(
                ProblemType.of(code),
                code.title(),
                code.status().value(),
                detail,
                code.toString(),
                code.retryable(),
                reason,
                imapResponseCode,
                smtpStatus,
                recipients.isEmpty() ? null : recipients,
                errors.isEmpty() ? null : errors,
                null);
    }

    /// One bad input, named by `pointer` or `parameter`.
    ///
    /// @param pointer Where in the body (RFC 6901).
    /// @param parameter Which parameter or header.
    /// @param detail What is wrong with it.
    @Schema(name = "InputError")
    public record InputError(
            @Schema(example = "/keywords/$seen") @Nullable String pointer,
            @Schema(example = "limit") @Nullable String parameter,
            @Schema(example = "must be at most 200") String detail) {

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
