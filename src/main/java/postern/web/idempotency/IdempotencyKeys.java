package postern.web.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.WebUtils;
import postern.account.LoginHashes;
import postern.digest.Sha256;
import postern.web.CallerResolver;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Carries out a request with an idempotency key once. A key is scoped to an account and a route:
 *
 * <ul>
 *   <li>a repetition of the request gets the recorded response;
 *   <li>a repetition while the first request runs is asked to retry later;
 *   <li>a different request with the same key is refused;
 *   <li>a request that failed before any change releases its key, so that the next one counts as
 *       the first;
 *   <li>if a message may have been stored or copied, as when the connection was lost during the
 *       command, a repetition searches for it before storing it again;
 *   <li>if something else may have been done, a repetition is answered that the outcome is unknown:
 *       only the caller can check and decide.
 * </ul>
 *
 * {@link IdempotencyFilter} records how a request ended.
 */
public final class IdempotencyKeys implements HandlerInterceptor {

    public static final String HEADER = "Idempotency-Key";
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern KEY = Pattern.compile("[\\x20-\\x7e]{1,255}");
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(\"[^\"]*\"|[^;]*)", Pattern.CASE_INSENSITIVE);

    private final CallerResolver callers;
    private final LoginHashes logins;
    private final AttemptStore attempts;

    IdempotencyKeys(CallerResolver callers, LoginHashes logins, AttemptStore attempts) {
        this.callers = callers;
        this.logins = logins;
        this.attempts = attempts;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        var key = key(request);
        if (key == null
                || !(handler instanceof HandlerMethod method)
                || !method.hasMethodAnnotation(Idempotent.class)) {
            return true;
        }
        var name = name(request, key);
        var running = new Attempt.Running(fingerprint(request));
        new KeyedRequest(route(request), key, running.fingerprint()).attachTo(request);
        var earlier = attempts.begin(name, running).orElse(null);
        if (earlier == null) {
            request.setAttribute(Claim.ATTRIBUTE, new Claim(name, running, null));
            return true;
        }
        if (!earlier.fingerprint().equals(running.fingerprint())) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED,
                    "`%s` came with another request before".formatted(HEADER));
        }
        switch (earlier) {
            case Attempt.Running _ -> throw new RequestInProgress();
            case Attempt.Doubtful doubtful when doubtful.traced() -> {
                if (!attempts.beginAgain(name, doubtful, running)) {
                    throw new RequestInProgress();
                }
                request.setAttribute(Claim.ATTRIBUTE, new Claim(name, running, doubtful));
                var trail = MessageTrail.current();
                if (trail != null) {
                    trail.goOn(doubtful);
                }
                return true;
            }
            case Attempt.Doubtful _ ->
                    throw new ProblemException(
                            ProblemCode.OUTCOME_UNKNOWN,
                            "the first request with this `%s` may have been carried out; look, and"
                                            .formatted(HEADER)
                                    + " send it with another key if it was not");
            case Attempt.Answered answer -> repeat(answer, response);
        }
        return false;
    }

    private static @Nullable String key(HttpServletRequest request) {
        var keys = Collections.list(request.getHeaders(HEADER));
        if (keys.isEmpty()) {
            return null;
        }
        if (keys.size() > 1) {
            throw InvalidRequest.parameter(HEADER, "is there twice");
        }
        if (!KEY.matcher(keys.getFirst()).matches()) {
            throw InvalidRequest.parameter(HEADER, "must be 1 to 255 printable ASCII characters");
        }
        return keys.getFirst();
    }

    /**
     * The name of the attempt: account, what the token permits, route and key. A recorded response
     * thus never reaches a token that could not have got it. It discloses no credential.
     */
    private String name(HttpServletRequest request, String key) {
        var account = callers.caller(request.getHeader(HttpHeaders.AUTHORIZATION)).account();
        return hash(
                Stream.of(logins.ofView(account), route(request), key)
                        .map(text -> text.getBytes(UTF_8)));
    }

    private static String route(HttpServletRequest request) {
        return "%s %s"
                .formatted(
                        request.getMethod(),
                        request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
    }

    private static String fingerprint(HttpServletRequest request) {
        var said =
                Stream.of(
                                request.getMethod(),
                                request.getRequestURI(),
                                Objects.requireNonNullElse(request.getQueryString(), ""),
                                type(request),
                                Long.toString(request.getContentLengthLong()))
                        .map(text -> text.getBytes(UTF_8));
        var small = WebUtils.getNativeRequest(request, RereadableBody.class);
        return hash(small == null ? said : Stream.concat(said, Stream.of(small.octets())));
    }

    /** The media type without the boundary, which differs when a form is sent again. */
    private static String type(HttpServletRequest request) {
        var type = request.getContentType();
        return type == null
                ? ""
                : BOUNDARY.matcher(type).replaceAll("").strip().toLowerCase(Locale.ROOT);
    }

    private static String hash(Stream<byte[]> parts) {
        var digest = Sha256.start();
        parts.forEach(part -> {
            // a length prefix, so that different lists of parts have different digests
            digest.update((part.length + ":").getBytes(UTF_8));
            digest.update(part);
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void repeat(Attempt.Answered answer, HttpServletResponse response)
            throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setHeader(REPLAYED, "true");
        response.getOutputStream().write(answer.body());
    }

    /**
     * The claim of a running request on its key.
     *
     * @param earlier the previous attempt if its outcome is unknown
     */
    record Claim(String name, Attempt.Running attempt, Attempt.@Nullable Doubtful earlier) {

        static final String ATTRIBUTE = Claim.class.getName();
    }
}
