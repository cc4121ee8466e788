package postern.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
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
 * ignored, and lists with an empty item.
 */
final class KnownParameters implements HandlerInterceptor {

    private final CallerResolver callers;
    private final Map<Method, Set<String>> declared = new ConcurrentHashMap<>();
    private final Map<Method, Set<String>> lists = new ConcurrentHashMap<>();

    KnownParameters(CallerResolver callers) {
        this.callers = callers;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        var query = request.getQueryString();
        if (query != null && handler instanceof HandlerMethod method) {
            var sent = sent(query);
            refuseUnknown(sent.keySet(), method);
            refuseEmptyItems(sent, method);
        }
        return true;
    }

    private void refuseUnknown(Set<String> sent, HandlerMethod handler) {
        var known = declared.computeIfAbsent(handler.getMethod(), _ -> names(handler, false));
        refuse(sent.stream().filter(name -> !known.contains(name)), "is not a parameter of this");
    }

    /** An empty list is one without items. */
    private void refuseEmptyItems(Map<String, List<String>> sent, HandlerMethod handler) {
        var names = lists.computeIfAbsent(handler.getMethod(), _ -> names(handler, true));
        refuse(
                names.stream()
                        .filter(name -> items(sent.getOrDefault(name, List.of())).contains("")),
                "has an empty item");
    }

    /** Spring splits a value that is the only one of its parameter. */
    private static List<String> items(List<String> values) {
        return values.size() != 1
                ? values
                : values.getFirst().isEmpty()
                        ? List.of()
                        : Arrays.asList(values.getFirst().split(",", -1));
    }

    private static void refuse(Stream<String> parameters, String detail) {
        var errors = parameters.map(name -> InputError.ofParameter(name, detail)).toList();
        if (!errors.isEmpty()) {
            throw new InvalidRequest(errors);
        }
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

    private Set<String> names(HandlerMethod handler, boolean listsOnly) {
        return Arrays.stream(handler.getMethodParameters())
                .flatMap(parameter -> names(parameter, listsOnly))
                .collect(Collectors.toUnmodifiableSet());
    }

    private Stream<String> names(MethodParameter parameter, boolean listsOnly) {
        var single = parameter.getParameterAnnotation(RequestParam.class);
        if (single != null) {
            return listsOnly && !isList(parameter.getParameterType())
                    ? Stream.empty()
                    : Stream.of(
                            single.name().isEmpty()
                                    ? requireNonNull(parameter.getParameter().getName())
                                    : single.name());
        }
        return isQuery(parameter)
                ? Arrays.stream(parameter.getParameterType().getRecordComponents())
                        .filter(component -> !listsOnly || isList(component.getType()))
                        .map(RecordComponent::getName)
                : Stream.empty();
    }

    private static boolean isList(Class<?> type) {
        return Collection.class.isAssignableFrom(type);
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
