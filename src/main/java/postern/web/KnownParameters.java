package postern.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import postern.web.problem.InvalidRequest;
import postern.web.problem.Problem.InputError;

/**
 * Refuses query parameters that the handler does not declare, so that a misspelt one is not
 * ignored.
 */
final class KnownParameters implements HandlerInterceptor {

    private final CallerResolver callers;
    private final Map<Method, Set<String>> declared = new ConcurrentHashMap<>();

    KnownParameters(CallerResolver callers) {
        this.callers = callers;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        var query = request.getQueryString();
        if (query != null && handler instanceof HandlerMethod method) {
            refuseUnknown(sent(query), method);
        }
        return true;
    }

    private void refuseUnknown(Stream<String> sent, HandlerMethod handler) {
        var known = declared.computeIfAbsent(handler.getMethod(), _ -> declared(handler));
        var errors =
                sent.filter(name -> !known.contains(name))
                        .map(name -> InputError.ofParameter(name, "is not a parameter of this"))
                        .toList();
        if (!errors.isEmpty()) {
            throw new InvalidRequest(errors);
        }
    }

    /** Parsed from the query string, since request.getParameterNames() would read a form body. */
    private static Stream<String> sent(String query) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> decode(pair.split("=", 2)[0]))
                .distinct();
    }

    private static String decode(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.parameter(name, "is not properly percent-encoded");
        }
    }

    private Set<String> declared(HandlerMethod handler) {
        return Arrays.stream(handler.getMethodParameters())
                .flatMap(this::names)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Stream<String> names(MethodParameter parameter) {
        var single = parameter.getParameterAnnotation(RequestParam.class);
        if (single != null) {
            return Stream.of(
                    single.name().isEmpty()
                            ? requireNonNull(parameter.getParameter().getName())
                            : single.name());
        }
        return isQuery(parameter)
                ? Arrays.stream(parameter.getParameterType().getRecordComponents())
                        .map(RecordComponent::getName)
                : Stream.empty();
    }

    /**
     * Whether the parameter is a record that Spring binds from the query, and not the body or the
     * caller.
     */
    private boolean isQuery(MethodParameter parameter) {
        return parameter.getParameterType().isRecord()
                && !callers.supportsParameter(parameter)
                && (parameter.hasParameterAnnotation(ModelAttribute.class)
                        || Arrays.stream(parameter.getParameterAnnotations())
                                .noneMatch(KnownParameters::isSprings));
    }

    private static boolean isSprings(java.lang.annotation.Annotation annotation) {
        return annotation
                .annotationType()
                .getPackageName()
                .equals(RequestParam.class.getPackageName());
    }
}
