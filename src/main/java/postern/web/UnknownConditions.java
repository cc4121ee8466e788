package postern.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Refuses a change on a condition that the handler does not evaluate, since it must not be made if
 * the condition is false (RFC 9110 §13.1).
 */
final class UnknownConditions implements HandlerInterceptor {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (READING.contains(request.getMethod()) || !(handler instanceof HandlerMethod method)) {
            return true;
        }
        var conditions = Preconditions.of(request);
        if (conditions.ifNoneMatch() != null) {
            throw failed(HttpHeaders.IF_NONE_MATCH);
        }
        if (conditions.namesAVersion() && !evaluatesIfMatch(method)) {
            throw failed(HttpHeaders.IF_MATCH);
        }
        return true;
    }

    private static ProblemException failed(String header) {
        return new ProblemException(
                ProblemCode.PRECONDITION_FAILED,
                "this is not done on the condition `%s`".formatted(header));
    }

    private static boolean evaluatesIfMatch(HandlerMethod handler) {
        return Arrays.stream(handler.getMethodParameters())
                .map(parameter -> parameter.getParameterAnnotation(RequestHeader.class))
                .anyMatch(header ->
                        header != null && header.name().equalsIgnoreCase(HttpHeaders.IF_MATCH));
    }
}
