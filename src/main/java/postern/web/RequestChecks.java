package postern.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.web.problem.InvalidRequest;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.problem.ProblemWriter;

/**
 * Refuses requests that would be misread: a path that could be taken for another one, a query that
 * is not UTF-8, a coded body that would be stored as it is, and a part of a body that would be
 * stored as the whole.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
final class RequestChecks extends OncePerRequestFilter {

    /** Encoded slashes, backslashes, percent signs and control characters. */
    private static final Pattern AMBIGUOUS = Pattern.compile("(?i)%(?:2f|5c|25|[01][0-9a-f]|7f)");

    /** The paths whose last segment may be any text: how the mail server names its users. */
    private static final Pattern NAMES_SOMEBODY =
            Pattern.compile("/v1/mailboxes/[^/]+/rights/[^/]+");

    private static final String IDENTITY = "identity";

    private final ProblemWriter writer;

    RequestChecks(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            requirePath(request);
            requireQuery(request.getQueryString() == null ? "" : request.getQueryString());
            requirePlainBody(request);
            requireNoForm(request);
            requireKnownTransfer(request);
            requireWholeBody(request);
        } catch (ProblemException refused) {
            writer.write(Problem.of(refused), refused.headers(), request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    private static void requirePath(HttpServletRequest request) {
        var path = request.getRequestURI().substring(request.getContextPath().length());
        if (!PercentEncoding.valid(path)) {
            throw path("is not percent-encoded UTF-8");
        }
        // What is guarded is told by how the path begins.
        int end = path.indexOf('/', 1);
        if (path.substring(0, end < 0 ? path.length() : end).indexOf('%') >= 0) {
            throw path("has an encoded first segment");
        }
        if (path.indexOf(';') >= 0) {
            throw path("has a semicolon, which must be encoded as %3B");
        }
        if (AMBIGUOUS.matcher(path).find() && !NAMES_SOMEBODY.matcher(path).matches()) {
            throw path("has an encoded slash, backslash, percent sign or control character");
        }
    }

    private static ProblemException path(String detail) {
        return new ProblemException(ProblemCode.INVALID_REQUEST, "the path " + detail);
    }

    private static void requireQuery(String query) {
        for (var pair : query.split("&")) {
            if (!PercentEncoding.valid(pair)) {
                throw InvalidRequest.parameter(
                        pair.split("=", 2)[0], "is not percent-encoded UTF-8");
            }
        }
    }

    /** Nothing is decoded (RFC 9110 §15.5.16). */
    private static void requirePlainBody(HttpServletRequest request) {
        for (var header : Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING))) {
            for (var coding : header.split(",")) {
                if (!coding.isBlank() && !coding.strip().equalsIgnoreCase(IDENTITY)) {
                    throw new CodedBody();
                }
            }
        }
    }

    /** Spring reads the body of a form as parameters, which fails where it is not coded as one. */
    private static void requireNoForm(HttpServletRequest request) {
        var type = request.getContentType();
        if (request.getMethod().equals("POST")
                && type != null
                && type.toLowerCase(Locale.ROOT)
                        .startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
            throw new ProblemException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "the body of an HTML form is not taken; JSON is `application/json`");
        }
    }

    /** The container ignores other transfer codings, and would pass on the coded octets. */
    private static void requireKnownTransfer(HttpServletRequest request) {
        for (var header : Collections.list(request.getHeaders(HttpHeaders.TRANSFER_ENCODING))) {
            if (!header.strip().equalsIgnoreCase("chunked")) {
                throw InvalidRequest.parameter(
                        HttpHeaders.TRANSFER_ENCODING, "has another coding than chunked");
            }
        }
    }

    /** RFC 9110 §14.5. */
    private static void requireWholeBody(HttpServletRequest request) {
        if (request.getHeader(HttpHeaders.CONTENT_RANGE) != null) {
            throw InvalidRequest.parameter(
                    HttpHeaders.CONTENT_RANGE, "is not taken: a body is a whole one");
        }
    }

    private static final class CodedBody extends ProblemException {

        private CodedBody() {
            super(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "a body with a Content-Encoding is not taken");
        }

        @Override
        public HttpHeaders headers() {
            var headers = new HttpHeaders();
            headers.set(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
            return headers;
        }
    }
}
