package postern.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.BindException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import postern.account.LinkRefused;
import postern.account.SessionRefused;
import postern.imap.ChangeWatch;
import postern.imap.ImapException;
import postern.shared.SharedStateUnavailable;
import postern.web.problem.DisconnectedClient;
import postern.web.problem.InvalidRequest;
import postern.web.problem.MessagelessTrace;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.problem.ProblemWriter;
import postern.web.transfer.TruncatedFile;

/** Turns exceptions into problems (RFC 9457). */
@RestControllerAdvice
final class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    private final ProblemWriter writer;

    ProblemAdvice(ProblemWriter writer) {
        this.writer = writer;
    }

    /**
     * Once the response is committed, the exception is rethrown and the container closes the
     * connection, so that the client does not take a truncated body for a complete one.
     */
    @ExceptionHandler
    void answer(Exception failure, HttpServletRequest request, HttpServletResponse response)
            throws Exception {
        if (DisconnectedClient.caused(failure)) {
            throw failure;
        }
        if (failure instanceof TruncatedFile) {
            log.warn("{} was cut after its beginning", request.getMethod());
            throw failure;
        }
        var problem = problem(failure, request);
        if (response.isCommitted()) {
            log.warn("{} was cut after its beginning: {}", request.getMethod(), problem.code());
            throw failure;
        }
        writer.write(problem, headers(failure), request, response);
    }

    private static Problem problem(Exception failure, HttpServletRequest request) {
        return switch (failure) {
            case ImapException imap -> problem(imap);
            case ProblemException ours -> Problem.of(ours);
            case SharedStateUnavailable away -> problem(away);
            case SessionRefused refused -> Problem.of(code(refused), refused.getMessage());
            case LinkRefused refused -> Problem.of(code(refused), refused.getMessage());
            case MethodArgumentTypeMismatchException mistyped -> Problem.of(BadInput.of(mistyped));
            case MissingServletRequestParameterException missing ->
                    missing(missing.getParameterName());
            case MissingServletRequestPartException missing ->
                    missing(missing.getRequestPartName());
            case MissingRequestHeaderException missing -> missing(missing.getHeaderName());
            case HandlerMethodValidationException invalid -> Problem.of(BadInput.of(invalid));
            case BindException invalid -> Problem.of(BadInput.of(invalid));
            case HttpMessageNotReadableException bad
                    when ours(bad) instanceof ProblemException it ->
                    Problem.of(it);
            case HttpMessageNotReadableException bad -> Problem.of(BadInput.of(bad));
            case IOException cut when ours(cut) instanceof ProblemException it -> Problem.of(it);
            case HttpException containers when containers.getCode() < 500 ->
                    Problem.of(ProblemCode.of(HttpStatusCode.valueOf(containers.getCode())), null);
            case ErrorResponse springs when !springs.getStatusCode().is5xxServerError() ->
                    Problem.of(ProblemCode.of(springs.getStatusCode()), null);
            case MultipartException _ ->
                    Problem.of(InvalidRequest.at("", "is not proper multipart/form-data"));
            default -> unexpected(failure, request);
        };
    }

    /** A failure after a change is not retryable: the request must not be sent again unchanged. */
    private static Problem problem(ImapException failure) {
        return ChangeWatch.anythingChanged() && ProblemCode.of(failure).retryable()
                ? Problem.of(
                        ProblemCode.OUTCOME_UNKNOWN,
                        "a part of it has been done, and then " + failure.getMessage())
                : Problem.of(failure);
    }

    private static Problem problem(SharedStateUnavailable failure) {
        return ChangeWatch.anythingChanged()
                ? Problem.of(
                        ProblemCode.OUTCOME_UNKNOWN,
                        "a part of it has been done, and then " + failure.getMessage())
                : Problem.of(ProblemCode.STORE_UNAVAILABLE, failure.getMessage());
    }

    /** The exception of our own that stopped the reading of the body, if any. */
    private static @Nullable ProblemException ours(Exception bad) {
        for (Throwable cause = bad; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException it) {
                return it;
            }
        }
        return null;
    }

    private static ProblemCode code(SessionRefused refused) {
        return switch (refused.reason()) {
            case UNREADABLE -> ProblemCode.AUTHENTICATION_FAILED;
            case EXPIRED -> ProblemCode.SESSION_EXPIRED;
            case REVOKED, SERVER_NOT_ALLOWED -> ProblemCode.SESSION_REVOKED;
        };
    }

    /** Not a 401: a client that opens a link has no credentials to present. */
    private static ProblemCode code(LinkRefused refused) {
        return switch (refused.reason()) {
            case UNREADABLE -> ProblemCode.NOT_FOUND;
            case EXPIRED, REVOKED, SERVER_NOT_ALLOWED -> ProblemCode.LINK_EXPIRED;
        };
    }

    private static Problem missing(String parameter) {
        return Problem.of(InvalidRequest.parameter(parameter, "is missing"));
    }

    private static Problem unexpected(Exception failure, HttpServletRequest request) {
        log.error("{} failed unexpectedly", request.getMethod(), new MessagelessTrace(failure));
        return Problem.of(ProblemCode.INTERNAL_ERROR, null);
    }

    private static HttpHeaders headers(Exception failure) {
        var headers = new HttpHeaders();
        if (failure instanceof ErrorResponse springs) {
            headers.addAll(springs.getHeaders());
        }
        if (failure instanceof HttpRequestMethodNotSupportedException refused) {
            headers.setAllow(allowed(refused));
        }
        if (failure instanceof ProblemException ours) {
            headers.addAll(ours.headers());
        }
        retryAfter(failure)
                .ifPresent(it -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds(it))));
        return headers;
    }

    /** With the methods that every resource has, which Spring leaves out. */
    private static Set<HttpMethod> allowed(HttpRequestMethodNotSupportedException refused) {
        var declared = refused.getSupportedHttpMethods();
        var allowed = new LinkedHashSet<HttpMethod>(declared == null ? Set.of() : declared);
        if (allowed.contains(HttpMethod.GET)) {
            allowed.add(HttpMethod.HEAD);
        }
        allowed.add(HttpMethod.OPTIONS);
        return allowed;
    }

    private static Optional<Duration> retryAfter(Exception failure) {
        return switch (failure) {
            case ImapException.ConnectionLimit busy -> Optional.of(busy.retryAfter());
            case ImapException.ServerUnavailable away -> Optional.of(away.retryAfter());
            case ImapException.TooManyLogins guessed -> Optional.of(guessed.retryAfter());
            case ImapException.SignInUnavailable away -> Optional.of(away.retryAfter());
            case ProblemException ours when ours.getCause() instanceof ImapException cause ->
                    retryAfter(cause);
            default -> Optional.empty();
        };
    }

    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
