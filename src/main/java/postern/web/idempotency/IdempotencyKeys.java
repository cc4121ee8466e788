package postern.web.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.WebUtils;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.RequestNames;
import postern.digest.Sha256;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.shared.SharedStateFull;
import postern.web.CallerResolver;
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
 * A key is named by whose it is and not by the credential, so that it survives a new access token
 * and holds on every replica. So the credential is proven first: nothing is told of a key, and none
 * is taken, without a login.
 *
 * <p>{@link IdempotencyFilter} records how a request ended.
 */
public final class IdempotencyKeys implements HandlerInterceptor {

    public static final String HEADER = "Idempotency-Key";
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(\"[^\"]*\"|[^;]*)", Pattern.CASE_INSENSITIVE);

    /** Characters of a hash that tell accounts apart. */
    private static final int OWNER = 16;

    private final CallerResolver callers;
    private final ImapConnections connections;
    private final RequestNames names;
    private final Attempts attempts;

    IdempotencyKeys(
            CallerResolver callers,
            ImapConnections connections,
            RequestNames names,
            Attempts attempts) {
        this.callers = callers;
        this.connections = connections;
        this.names = names;
        this.attempts = attempts;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        var key = IdempotencyKey.of(request);
        var idempotent =
                handler instanceof HandlerMethod method
                        ? method.getMethodAnnotation(Idempotent.class)
                        : null;
        if (key == null || idempotent == null) {
            return true;
        }
        var account = callers.caller(request).account();
        connections.borrow(account, Lane.INTERACTIVE).close(); // throws for a wrong credential
        var fingerprint = fingerprint(request);
        new KeyedRequest(route(request), key, fingerprint).attachTo(request);
        var begun = begin(account, request, key, fingerprint);
        if (begun.claim() != null) {
            request.setAttribute(Attempts.Claim.ATTRIBUTE, begun.claim());
            return true;
        }
        var earlier = Objects.requireNonNull(begun.earlier());
        if (!earlier.attempt().fingerprint().equals(fingerprint)) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED,
                    "`%s` came with another request before".formatted(HEADER));
        }
        if (earlier.attempt() instanceof Attempt.Answered answer) {
            repeat(answer, response);
            return false;
        }
        requireRepeatable(earlier.attempt(), idempotent.foundInMailboxes());
        var claim = attempts.beginAgain(earlier);
        if (claim == null) {
            throw new RequestInProgress();
        }
        request.setAttribute(Attempts.Claim.ATTRIBUTE, claim);
        var trail = MessageTrail.current();
        if (trail != null && earlier.attempt() instanceof Attempt.Doubtful doubtful) {
            trail.goOn(doubtful);
        }
        return true;
    }

    private Attempts.Begun begin(
            Account account, HttpServletRequest request, String key, String fingerprint) {
        // the keys of one account together may take only a part of the room
        var owner = AccountKey.of(account).sharedName("requests").substring(0, OWNER);
        try {
            return attempts.begin(
                    names.ofView(account, route(request), key).stream()
                            .map(name -> owner + ":" + name)
                            .toList(),
                    fingerprint);
        } catch (SharedStateFull e) {
            throw new NoRoomForKeys(e.ofOwner());
        }
    }

    /** Throws where a repetition must not be carried out. */
    private void requireRepeatable(Attempt earlier, boolean foundInMailboxes) {
        boolean findable = foundInMailboxes;
        switch (earlier) {
            case Attempt.Running running -> {
                if (attempts.mayRun(
                        running,
                        foundInMailboxes ? Attempts.LONGEST_REMEMBERED : Attempts.LONGEST)) {
                    throw new RequestInProgress();
                }
            }
            case Attempt.Doubtful doubtful -> findable |= doubtful.traced();
            case Attempt.Answered _ -> findable = false;
        }
        if (!findable) {
            throw new ProblemException(
                    ProblemCode.OUTCOME_UNKNOWN,
                    "the first request with this `%s` may have been carried out; look, and"
                                    .formatted(HEADER)
                            + " send it with another key if it was not");
        }
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
}
