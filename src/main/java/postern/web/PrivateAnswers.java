package postern.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Sets caching headers for everything below {@code /v1}, which is a user's mail or a token: no
 * cache stores it, unless the operation sets its own Cache-Control or an ETag. Also forbids MIME
 * sniffing.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PrivateAnswers extends OncePerRequestFilter {

    private static final String NOT_KEPT = "no-store";
    private static final String NO_SNIFFING = "X-Content-Type-Options";

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !isPrivate(request);
    }

    static boolean isPrivate(HttpServletRequest request) {
        return request.getRequestURI().startsWith(request.getContextPath() + "/v1/");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(HttpHeaders.CACHE_CONTROL, NOT_KEPT);
        response.setHeader(NO_SNIFFING, "nosniff");
        chain.doFilter(request, new Private(response));
        if (response.getStatus() == HttpServletResponse.SC_NOT_MODIFIED) {
            // The container would set Content-Length: 0, which is not the length of the resource.
            response.flushBuffer();
        }
    }

    private static final class Private extends HttpServletResponseWrapper {

        private boolean decided;

        private Private(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setHeader(String name, String value) {
            super.setHeader(name, value);
            noted(name);
        }

        /**
         * Spring adds a handler's headers to those already set; these two are replaced instead. An
         * empty header is left out, such as the Accept-Patch of a resource that takes no PATCH.
         */
        @Override
        public void addHeader(String name, String value) {
            if (value.isEmpty()) {
                return;
            }
            if (name.equalsIgnoreCase(HttpHeaders.CACHE_CONTROL)
                    || name.equalsIgnoreCase(NO_SNIFFING)) {
                setHeader(name, value);
                return;
            }
            super.addHeader(name, value);
            noted(name);
        }

        private void noted(String name) {
            if (name.equalsIgnoreCase(HttpHeaders.CACHE_CONTROL)) {
                decided = true;
            } else if (name.equalsIgnoreCase(HttpHeaders.ETAG) && !decided) {
                decided = true;
                super.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
                super.addHeader(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
            }
        }

        /** Sets the headers again after a problem has reset the response. */
        @Override
        public void reset() {
            super.reset();
            decided = false;
            super.setHeader(HttpHeaders.CACHE_CONTROL, NOT_KEPT);
            super.setHeader(NO_SNIFFING, "nosniff");
        }
    }
}
