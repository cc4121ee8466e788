package postern.web.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
import postern.account.AccountKeys;
import postern.web.CallerResolver;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Carries a request with an idempotency key out once. A key is the account's, and belongs to a
 * route:
 *
 * <ul>
 *   <li>the same request again gets the answer of the first one;
 *   <li>while the first one runs it is told to come back;
 *   <li>another request is refused;
 *   <li>a request that failed before anything could be changed frees its key, so that the next one
 *       is the first;
 *   <li>where a message may have been stored or copied, as when the connection was lost while the
 *       mail server was at it, the next one looks for it before it does so again;
 *   <li>where something else may have been done the key is spent and says so: nobody but the caller
 *       can look and decide.
 * </ul>
 *
 * {@link IdempotencyFilter} sees how a request ended.
 */
public final class IdempotencyKeys implements HandlerInterceptor {

    public static final String HEADER = "Idempotency-Key";
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern KEY = Pattern.compile("[\\x20-\\x7e]{1,255}");
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(\"[^\"]*\"|[^;]*)", Pattern.CASE_INSENSITIVE);

    private final CallerResolver callers;
    private final AccountKeys accounts;
    private final AttemptStore attempts;

    IdempotencyKeys(CallerResolver callers, AccountKeys accounts, AttemptStore attempts) {
        this.callers = callers;
        this.accounts = accounts;
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

    /** Whose key it is, for which route; it tells nothing of a credential. */
    private String name(HttpServletRequest request, String key) {
        var account = callers.caller(request.getHeader(HttpHeaders.AUTHORIZATION)).account();
        var route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return hash(
                Stream.of(accounts.of(account), request.getMethod(), String.valueOf(route), key)
                        .map(text -> text.getBytes(UTF_8)));
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

    /** A form that is sent again may have another boundary. */
    private static String type(HttpServletRequest request) {
        var type = request.getContentType();
        return type == null
                ? ""
                : BOUNDARY.matcher(type).replaceAll("").strip().toLowerCase(Locale.ROOT);
    }

    private static String hash(Stream<byte[]> parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(part -> {
                // so that no two rows of parts run together to the same octets
                digest.update((part.length + ":").getBytes(UTF_8));
                digest.update(part);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void repeat(Attempt.Answered answer, HttpServletResponse response)
            throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setHeader(REPLAYED, "true");
        response.getOutputStream().write(answer.body());
    }

    /**
     * What a request that is carried out holds: the name of its key, and its attempt.
     *
     * @param earlier the attempt before, when nobody knows how that ended
     */
    record Claim(String name, Attempt.Running attempt, Attempt.@Nullable Doubtful earlier) {

        static final String ATTRIBUTE = Claim.class.getName();
    }
}
