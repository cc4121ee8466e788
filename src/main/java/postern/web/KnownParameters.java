package postern.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses query parameters that the handler does not declare, so that a misspelt one is not
 * ignored, and values that Spring would misread.
 */
final class KnownParameters implements HandlerInterceptor {

    private final CallerResolver callers;
    private final ParameterValues values;
    private final Map<Method, Map<String, ResolvableType>> declared = new ConcurrentHashMap<>();

    KnownParameters(CallerResolver callers, JsonMapper json) {
        this.callers = callers;
        this.values = new ParameterValues(json);
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        var query = request.getQueryString();
        if (query != null && handler instanceof HandlerMethod method) {
            var sent = sent(query);
            var known = declared.computeIfAbsent(method.getMethod(), _ -> types(method));
            ParameterValues.refuse(
                    sent.keySet().stream().filter(name -> !known.containsKey(name)),
                    "is not a parameter of this");
            values.check(known, sent);
        }
        return true;
    }

    /** Parsed from the query string, since request.getParameterNames() would read a form body. */
    private static Map<String, List<String>> sent(String query) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .collect(
                        Collectors.groupingBy(
                                pair -> decode(pair[0]),
                                LinkedHashMap::new,
                                Collectors.mapping(
                                        pair -> decode(pair.length < 2 ? "" : pair[1]),
                                        Collectors.toList())));
    }

    /** {@link RequestChecks} has refused what cannot be decoded. */
    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private Map<String, ResolvableType> types(HandlerMethod handler) {
        var types = new HashMap<String, ResolvableType>();
        for (var parameter : handler.getMethodParameters()) {
            var single = parameter.getParameterAnnotation(RequestParam.class);
            if (single != null) {
                var name = single.name();
                types.put(
                        name.isEmpty() ? requireNonNull(parameter.getParameter().getName()) : name,
                        ResolvableType.forMethodParameter(parameter));
            } else if (isQuery(parameter)) {
                for (var component : parameter.getParameterType().getRecordComponents()) {
                    types.put(
                            component.getName(),
                            ResolvableType.forType(component.getGenericType()));
                }
            }
        }
        return Map.copyOf(types);
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
