package postern.web.browser;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.web.link.LinkProperties;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemWriter;

/**
 * Refuses requests with Basic authentication that a page of another site has made a browser send. A
 * browser adds a password that it once asked for by itself, so that such a page could store a
 * message with a form, for instance. Session tokens are never added by browsers. Signed links are
 * made for other pages, and take no credentials.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 4)
final class ForeignPages extends OncePerRequestFilter {

    private static final String SITE = "Sec-Fetch-Site";

    private final CorsProperties cors;
    private final LinkProperties links;
    private final ProblemWriter writer;

    ForeignPages(CorsProperties cors, LinkProperties links, ProblemWriter writer) {
        this.cors = cors;
        this.links = links;
        this.writer = writer;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith(request.getContextPath() + "/v1/links/");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (hasPassword(request) && isForeign(request)) {
            var problem =
                    Problem.of(
                            ProblemCode.FOREIGN_PAGE,
                            "a page of another site may not send requests with a password");
            writer.write(problem, HttpHeaders.EMPTY, request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean hasPassword(HttpServletRequest request) {
        var credentials = request.getHeader(HttpHeaders.AUTHORIZATION);
        return credentials != null
                && credentials.strip().toLowerCase(Locale.ROOT).startsWith("basic");
    }

    private boolean isForeign(HttpServletRequest request) {
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && cors.allows(origin)) {
            return false;
        }
        return switch (request.getHeader(SITE)) {
            // the browser says it, whatever a proxy has made of the host
            case "same-origin", "none" -> false;
            case "cross-site" -> true;
            case null, default -> origin != null && !isOwn(origin, request);
        };
    }

    /** The scheme is not compared, as a proxy may take off TLS. */
    private boolean isOwn(String origin, HttpServletRequest request) {
        int host = origin.indexOf("://");
        if (host < 0) {
            return false; // "null"
        }
        var authority = origin.substring(host + 3);
        var known = links.baseUrl();
        return authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST))
                || authority.equalsIgnoreCase(forwarded(request))
                || (known != null && authority.equalsIgnoreCase(known.getAuthority()));
    }

    private static String forwarded(HttpServletRequest request) {
        int port = request.getServerPort();
        return port == 80 || port == 443
                ? request.getServerName()
                : request.getServerName() + ":" + port;
    }
}
