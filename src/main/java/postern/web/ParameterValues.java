package postern.web;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.ResolvableType;
import postern.web.problem.InvalidRequest;
import postern.web.problem.Problem.InputError;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses values of query parameters that Spring would take for others: an empty one for an absent
 * one, "on" for true, "0x10" for a number, a number for a time, the name of a constant for its word
 * in JSON, the first of several values for the only one, and items of lists with blanks around
 * them.
 */
final class ParameterValues {

    private static final Predicate<String> NOTHING = String::isEmpty;

    /** Clients that are generated for PHP write numbers, and leave nothing in doubt. */
    private static final Predicate<String> NO_BOOLEAN =
            Pattern.compile("true|false|1|0").asMatchPredicate().negate();

    /** As in JSON. */
    private static final Predicate<String> NO_NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]*)").asMatchPredicate().negate();

    /** Spring would also read milliseconds since 1970. */
    private static final Predicate<String> NO_TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt].*").asMatchPredicate().negate();

    private final JsonMapper json;

    ParameterValues(JsonMapper json) {
        this.json = json;
    }

    /** Throws InvalidRequest if one of the values is not of the type of its parameter. */
    void check(Map<String, ResolvableType> known, Map<String, List<String>> sent) {
        refuse(
                named(known, type -> !isList(type)).filter(name -> values(sent, name).size() > 1),
                "is there more than once");
        refuse(
                misread(
                        known,
                        sent,
                        type -> !isList(type) && type.toClass() != String.class,
                        NOTHING),
                "is empty");
        refuse(
                misread(known, sent, ParameterValues::isBoolean, NO_BOOLEAN),
                "is neither true nor false");
        refuse(
                misread(known, sent, ParameterValues::isNumber, NO_NUMBER),
                "is not a whole number within bounds");
        refuse(
                misread(known, sent, type -> type.toClass() == Instant.class, NO_TIME),
                "is not a time as in RFC 3339");
        refuse(
                named(known, ParameterValues::isList)
                        .filter(name -> !items(values(sent, name)).allMatch(ParameterValues::fit)),
                "has an empty item, or one with blanks around it");
        known.forEach((name, type) -> refuseOtherWords(name, type, values(sent, name)));
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

    static void refuse(Stream<String> parameters, String detail) {
        var errors = parameters.map(name -> InputError.ofParameter(name, detail)).toList();
        if (!errors.isEmpty()) {
            throw new InvalidRequest(errors);
        }
    }

    private static boolean isList(ResolvableType type) {
        return Collection.class.isAssignableFrom(type.toClass());
    }
}
