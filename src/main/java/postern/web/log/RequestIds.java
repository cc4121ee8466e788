package postern.web.log;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.web.problem.ProblemWriter;
import postern.web.problem.RequestId;

/**
 * Gives each request an id, which is in its answer, in a problem and in all lines that are logged
 * for it: {@link RequestId}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestIds extends OncePerRequestFilter {

    private static final String KEY = "requestId";

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var id = RequestId.of(request::getHeader);
        request.setAttribute(ProblemWriter.REQUEST_ID, id);
        try (var _ = MDC.putCloseable(KEY, id)) {
            chain.doFilter(request, new Answer(response, id));
        }
    }

    /** Has the id, also after a problem has reset it. */
    private static final class Answer extends HttpServletResponseWrapper {

        private final String id;

        private Answer(HttpServletResponse response, String id) {
            super(response);
            this.id = id;
            setHeader(RequestId.HEADER, id);
        }

        @Override
        public void reset() {
            super.reset();
            setHeader(RequestId.HEADER, id);
        }
    }
}
