package postern.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Drains a request body that was still being sent when the response was written, since the request
 * was refused or its idempotency key has a recorded answer. Closing a connection with unread octets
 * resets it, and the client may lose the response (RFC 9112 §9.6). The drain is bounded in octets
 * and time.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnreadBodies extends OncePerRequestFilter {

    private static final long MOST = 4 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int PIECE = 16 * 1024;

    /** A client that waits for 100 Continue sends no body. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        boolean chunked = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        return length > MOST
                || length <= 0 && !chunked
                || request.getHeader(HttpHeaders.EXPECT) != null;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        try {
            takeRest(request, response);
        } catch (IOException | RuntimeException _) {
            // the client disconnected, or the container has parsed the body
        }
    }

    private static void takeRest(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var body = request.getInputStream();
        if (body.isFinished()) {
            return;
        }
        response.flushBuffer();
        long end = System.nanoTime() + LONGEST.toNanos();
        var piece = new byte[PIECE];
        for (long left = MOST; left > 0 && System.nanoTime() < end; ) {
            int some = body.read(piece);
            if (some < 0) {
                return;
            }
            left -= some;
        }
    }
}
