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
 * Everything below {@code /v1} is one user's mail, or a token for it: no cache keeps it unless the
 * operation says otherwise, or gives an ETag to ask again with; and no browser guesses another
 * media type than the one that is told.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PrivateAnswers extends OncePerRequestFilter {

    private static final String NOT_KEPT = "no-store";
    private static final String NO_SNIFFING = "X-Content-Type-Options";

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith(request.getContextPath() + "/v1/");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(HttpHeaders.CACHE_CONTROL, NOT_KEPT);
        response.setHeader(NO_SNIFFING, "nosniff");
        chain.doFilter(request, new Private(response));
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

        /** Spring adds a handler's headers to those that are there; these two are replaced. */
        @Override
        public void addHeader(String name, String value) {
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
                super.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
                super.addHeader(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
            }
        }

        /** A problem takes the place of what had been begun. */
        @Override
        public void reset() {
            super.reset();
            decided = false;
            super.setHeader(HttpHeaders.CACHE_CONTROL, NOT_KEPT);
            super.setHeader(NO_SNIFFING, "nosniff");
        }
    }
}
