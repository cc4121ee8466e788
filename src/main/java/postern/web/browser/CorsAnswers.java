package postern.web.browser;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemWriter;

/**
 * Like that of Spring, but a refused preflight is a problem, and a request of an origin that is not
 * allowed goes on without CORS headers: behind a proxy its own pages may look like those of another
 * origin. {@link ForeignPages} refuses what would do harm.
 */
final class CorsAnswers extends DefaultCorsProcessor {

    private final ProblemWriter writer;

    CorsAnswers(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    public boolean processRequest(
            @Nullable CorsConfiguration rules,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        boolean preflight = CorsUtils.isPreFlightRequest(request);
        if (rules != null && allows(rules, request, preflight)) {
            return super.processRequest(rules, request, response);
        }
        if (rules != null && !isOff(rules)) {
            response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
        if (preflight) {
            var problem =
                    Problem.of(
                            ProblemCode.FOREIGN_PAGE,
                            "the gateway does not take this method from pages of this origin");
            writer.write(problem, HttpHeaders.EMPTY, request, response);
            return false;
        }
        return true;
    }

    private static boolean allows(
            CorsConfiguration rules, HttpServletRequest request, boolean preflight) {
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null || rules.checkOrigin(origin) == null) {
            return false;
        }
        var method = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        return !preflight
                || rules.checkHttpMethod(HttpMethod.valueOf(Objects.toString(method, ""))) != null;
    }

    private static boolean isOff(CorsConfiguration rules) {
        return rules.getAllowedOrigins() == null || rules.getAllowedOrigins().isEmpty();
    }
}
