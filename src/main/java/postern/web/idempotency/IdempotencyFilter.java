package postern.web.idempotency;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import postern.imap.ChangeWatch;

/**
 * Observes what a request changes and records how a request with an idempotency key ended. It
 * records the response before sending it, so that a caller who loses it can repeat the request.
 */
@Component
final class IdempotencyFilter extends OncePerRequestFilter {

    private static final List<String> KEPT =
            List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.LOCATION, HttpHeaders.ETAG);

    private static final Logger log = LoggerFactory.getLogger(IdempotencyFilter.class);

    private final Attempts attempts;
    private final long maxAnswer;

    IdempotencyFilter(Attempts attempts, IdempotencyProperties properties) {
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
                if (request.getAttribute(Attempts.Claim.ATTRIBUTE)
                        instanceof Attempts.Claim claim) {
                    boolean done = answered && successful(answer);
                    recorded(() -> settle(claim, done, watch.changed(), trail, answer));
                }
            }
        }
        answer.copyBodyToResponse();
    }

    private static boolean successful(HttpServletResponse answer) {
        return HttpStatusCode.valueOf(answer.getStatus()).is2xxSuccessful();
    }

    /** What the request did is done: it is answered also where the answer cannot be recorded. */
    private static void recorded(Runnable recording) {
        try {
            recording.run();
        } catch (RuntimeException e) {
            log.error("how a request with a key ended is not recorded", e);
        }
    }

    private void settle(
            Attempts.Claim claim,
            boolean done,
            boolean changed,
            MessageTrail trail,
            ContentCachingResponseWrapper answer) {
        var fingerprint = claim.attempt().fingerprint();
        var unfinished = trail.unfinished();
        if (done && unfinished == null && answer.getContentSize() <= maxAnswer) {
            attempts.end(
                    claim,
                    new Attempt.Answered(
                            fingerprint,
                            answer.getStatus(),
                            headers(answer),
                            answer.getContentAsByteArray()));
        } else if (done || changed) {
            attempts.end(claim, new Attempt.Doubtful(fingerprint, trail.messages(), unfinished));
        } else {
            attempts.forget(claim);
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
