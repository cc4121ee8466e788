package postern.web.log;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.web.problem.ProblemWriter;

/**
 * Gives each request an id, which is in its answer, in a problem and in all lines that are logged
 * for it: the caller's {@code X-Request-Id}, else the trace id of its {@code traceparent} (W3C
 * Trace Context), else a random one.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestIds extends OncePerRequestFilter {

    static final String HEADER = "X-Request-Id";

    private static final String KEY = "requestId";

    /** Nothing that would break a line of the log, or pretend to be one. */
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private static final Pattern TRACE_PARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    private static final String NO_TRACE = "0".repeat(32);

    private final SecureRandom random = new SecureRandom();

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var id = id(request);
        request.setAttribute(ProblemWriter.REQUEST_ID, id);
        try (var _ = MDC.putCloseable(KEY, id)) {
            chain.doFilter(request, new Answer(response, id));
        }
    }

    private String id(HttpServletRequest request) {
        var told = request.getHeader(HEADER);
        if (told != null && USABLE.matcher(told).matches()) {
            return told;
        }
        var traced = traced(request.getHeader("traceparent"));
        if (traced != null) {
            return traced;
        }
        byte[] octets = new byte[16];
        random.nextBytes(octets);
        return HexFormat.of().formatHex(octets);
    }

    private static @Nullable String traced(@Nullable String parent) {
        if (parent == null || parent.length() > 512) {
            return null;
        }
        var matched = TRACE_PARENT.matcher(parent);
        return matched.matches() && !matched.group(1).equals(NO_TRACE) ? matched.group(1) : null;
    }

    /** Has the id, also after a problem has reset it. */
    private static final class Answer extends HttpServletResponseWrapper {

        private final String id;

        private Answer(HttpServletResponse response, String id) {
            super(response);
            this.id = id;
            setHeader(HEADER, id);
        }

        @Override
        public void reset() {
            super.reset();
            setHeader(HEADER, id);
        }
    }
}
