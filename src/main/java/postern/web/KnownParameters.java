package postern.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import postern.web.problem.InvalidRequest;
import postern.web.problem.Problem.InputError;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses query parameters that the handler does not declare, so that a misspelt one is not
 * ignored, and values that Spring would take for others: an empty one for an absent one, "on" for
 * true, "0x10" for a number, and items of lists with blanks around them.
 */
final class KnownParameters implements HandlerInterceptor {

    private static final Predicate<String> NOTHING = String::isEmpty;
    private static final Predicate<String> NO_BOOLEAN =
            text -> !text.equals("true") && !text.equals("false");

    /** As in JSON. */
    private static final Predicate<String> NO_NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]*)").asMatchPredicate().negate();

    private final CallerResolver callers;
    private final JsonMapper json;
    private final Map<Method, Map<String, ResolvableType>> declared = new ConcurrentHashMap<>();

    KnownParameters(CallerResolver callers, JsonMapper json) {
        this.callers = callers;
        this.json = json;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        var query = request.getQueryString();
        if (query != null && handler instanceof HandlerMethod method) {
            var sent = sent(query);
            var known = declared.computeIfAbsent(method.getMethod(), _ -> types(method));
            refuse(
                    sent.keySet().stream().filter(name -> !known.containsKey(name)),
                    "is not a parameter of this");
            refuse(
                    misread(
                            known,
                            sent,
                            type -> !isList(type) && type.toClass() != String.class,
                            NOTHING),
                    "is empty");
            refuse(
                    misread(known, sent, KnownParameters::isBoolean, NO_BOOLEAN),
                    "is neither true nor false");
            refuse(
                    misread(known, sent, KnownParameters::isNumber, NO_NUMBER),
                    "is not a whole number within bounds");
            refuse(
                    named(known, KnownParameters::isList)
                            .filter(name ->
                                    !items(values(sent, name)).allMatch(KnownParameters::fit)),
                    "has an empty item, or one with blanks around it");
            known.forEach((name, type) -> refuseOtherWords(name, type, values(sent, name)));
        }
        return true;
    }

    /** Spring would take the names of the constants too, and a blank for an absent value. */
    private void refuseOtherWords(String name, ResolvableType type, List<String> values) {
        var list = isList(type);
        var item = list ? type.asCollection().getGeneric().toClass() : type.toClass();
        var sent = list ? items(values).toList() : values;
        if (item.isEnum() && !sent.isEmpty()) {
            var words = EnumsAsInJson.byWord(item, json).keySet();
            if (!words.containsAll(sent)) {
                throw InvalidRequest.parameter(name, EnumsAsInJson.refusal(words));
            }
        }
    }

    private static Stream<String> named(
            Map<String, ResolvableType> parameters, Predicate<ResolvableType> types) {
        return parameters.entrySet().stream()
                .filter(it -> types.test(it.getValue()))
                .map(Map.Entry::getKey);
    }

    /** The parameters of these types with values that match. */
    private static Stream<String> misread(
            Map<String, ResolvableType> known,
            Map<String, List<String>> sent,
            Predicate<ResolvableType> types,
            Predicate<String> wrong) {
        return named(known, types).filter(name -> values(sent, name).stream().anyMatch(wrong));
    }

    private static boolean isBoolean(ResolvableType type) {
        return type.toClass() == boolean.class || type.toClass() == Boolean.class;
    }

    private static boolean isNumber(ResolvableType type) {
        return type.toClass() == int.class
                || type.toClass() == long.class
                || Number.class.isAssignableFrom(type.toClass());
    }

    private static List<String> values(Map<String, List<String>> sent, String name) {
        return sent.getOrDefault(name, List.of());
    }

    private static boolean fit(String item) {
        return !item.isEmpty() && item.equals(item.strip());
    }

    /**
     * An empty list is one without items. Spring splits a value that is the only one of its
     * parameter.
     */
    private static Stream<String> items(List<String> values) {
        if (values.size() != 1) {
            return values.stream();
        }
        var value = values.getFirst();
        return value.isEmpty() ? Stream.empty() : Arrays.stream(value.split(",", -1));
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

    private static boolean isList(ResolvableType type) {
        return Collection.class.isAssignableFrom(type.toClass());
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
