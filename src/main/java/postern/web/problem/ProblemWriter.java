package postern.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes a problem, regardless of the Accept header and of what the handler has begun to write. */
@Component
public final class ProblemWriter {

    /**
     * The attribute of a request with the {@link ProblemException} that is behind all other
     * failures of the request, and is answered instead of them.
     */
    public static final String INSTEAD = ProblemWriter.class.getName() + ".instead";

    /** The attribute of a request with its id, which its problem has as well. */
    public static final String REQUEST_ID = ProblemWriter.class.getName() + ".requestId";

    private static final String BASIC = "Basic realm=\"postern\", charset=\"UTF-8\"";
    private static final String BEARER = "Bearer realm=\"postern\"";

    private final JsonMapper json;

    ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    public void write(
            Problem problem,
            HttpHeaders headers,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (request.getAttribute(INSTEAD) instanceof ProblemException cause) {
            request.removeAttribute(INSTEAD);
            write(Problem.of(cause), cause.headers(), request, response);
            return;
        }
        var body =
                json.writeValueAsBytes(
                        problem.answering(
                                request.getContextPath(),
                                request.getAttribute(REQUEST_ID) instanceof String id ? id : null));
        resetExceptCors(response);
        response.setStatus(problem.status());
        headers.forEach((name, values) -> values.forEach(it -> response.addHeader(name, it)));
        if (problem.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            challenge(problem, request, response);
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        if (!HttpMethod.HEAD.matches(request.getMethod())) {
            response.getOutputStream().write(body);
        }
    }

    /**
     * Removes the headers of the intended response, but keeps the CORS headers, without which a
     * browser hides the problem from its page.
     */
    private static void resetExceptCors(HttpServletResponse response) {
        var kept = new LinkedHashMap<String, List<String>>();
        for (var name : response.getHeaderNames()) {
            var lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("access-control-") || lower.equals("vary")) {
                kept.put(name, new ArrayList<>(response.getHeaders(name)));
            }
        }
        response.reset();
        kept.forEach((name, values) -> values.forEach(it -> response.addHeader(name, it)));
    }

    /**
     * Offers Basic only if the request had no credentials or Basic ones. Otherwise the browser
     * would show its password dialog to a web app that logs in with a form or sends a token.
     */
    private static void challenge(
            Problem problem, HttpServletRequest request, HttpServletResponse response) {
        var sent = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (problem.code().equals(ProblemCode.AUTHENTICATION_REQUIRED.toString())
                || (sent != null && sent.strip().toLowerCase(Locale.ROOT).startsWith("basic"))) {
            response.addHeader(HttpHeaders.WWW_AUTHENTICATE, BASIC);
        }
        response.addHeader(HttpHeaders.WWW_AUTHENTICATE, BEARER);
    }
}
