package postern.web.idempotency;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import postern.imap.ChangeWatch;
import postern.web.idempotency.IdempotencyKeys.Claim;

/**
 * Observes what a request changes and records how a request with an idempotency key ended. It
 * records the response before sending it, so that a caller who loses it can repeat the request.
 */
@Component
final class IdempotencyFilter extends OncePerRequestFilter {

    private static final List<String> KEPT =
            List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.LOCATION, HttpHeaders.ETAG);

    private final AttemptStore attempts;
    private final long maxAnswer;

    IdempotencyFilter(AttemptStore attempts, IdempotencyProperties properties) {
        this.attempts = attempts;
        this.maxAnswer = properties.maxAnswerSize().toBytes();
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return List.of("GET", "HEAD", "OPTIONS").contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader(IdempotencyKeys.HEADER) == null) {
            try (var _ = ChangeWatch.begin()) {
                chain.doFilter(request, response);
            }
            return;
        }
        var readable = RereadableBody.readAhead(request);
        var answer = new ContentCachingResponseWrapper(response);
        boolean answered = false;
        try (var watch = ChangeWatch.begin();
                var trail = MessageTrail.begin()) {
            try {
                chain.doFilter(readable, answer);
                answered = true;
            } finally {
                if (request.getAttribute(Claim.ATTRIBUTE) instanceof Claim claim) {
                    settle(claim, answered && successful(answer), watch.changed(), trail, answer);
                }
            }
        }
        answer.copyBodyToResponse();
    }

    private static boolean successful(HttpServletResponse answer) {
        return HttpStatusCode.valueOf(answer.getStatus()).is2xxSuccessful();
    }

    private void settle(
            Claim claim,
            boolean done,
            boolean changed,
            MessageTrail trail,
            ContentCachingResponseWrapper answer) {
        var fingerprint = claim.attempt().fingerprint();
        var unfinished = trail.unfinished();
        if (done && unfinished == null && answer.getContentSize() <= maxAnswer) {
            attempts.end(
                    claim.name(),
                    new Attempt.Answered(
                            fingerprint,
                            answer.getStatus(),
                            headers(answer),
                            answer.getContentAsByteArray()));
        } else if (done || changed) {
            attempts.end(
                    claim.name(), new Attempt.Doubtful(fingerprint, trail.messages(), unfinished));
        } else if (claim.earlier() != null) {
            attempts.end(claim.name(), claim.earlier());
        } else {
            attempts.forget(claim.name());
        }
    }

    private static Map<String, String> headers(HttpServletResponse answer) {
        var headers = new LinkedHashMap<String, String>();
        for (var name : KEPT) {
            var value = answer.getHeader(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return headers;
    }
}
