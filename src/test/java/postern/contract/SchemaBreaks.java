package postern.contract;

import static java.util.stream.Collectors.toCollection;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Finds what breaks clients in the schemas of a newer contract. A request must still take every
 * value that it took; an answer must have no value that it could not have, except where the
 * contract says that there may be others.
 */
final class SchemaBreaks {

    /** Where a schema is used; one that is used in both is compared twice. */
    enum Use {
        REQUEST("in requests"),
        ANSWER("in answers");

        private final String words;

        Use(String words) {
            this.words = words;
        }
    }

    private static final String KNOWN_VALUES = "x-extensible-enum";
    private static final String CONSTANTS = "x-enum-varnames";

    private static final List<String> UPPER_BOUNDS =
            List.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
    private static final List<String> LOWER_BOUNDS =
            List.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    private static final List<String> NESTED =
            List.of("properties", "items", "propertyNames", "additionalProperties");
    private static final Set<String> TEXTS =
            Set.of("$ref", "title", "description", "example", "examples", "deprecated");

    private final JsonNode before;
    private final JsonNode after;
    private final Consumer<String> breaks;
    private final Set<List<Object>> compared = new HashSet<>();

    SchemaBreaks(JsonNode before, JsonNode after, Consumer<String> breaks) {
        this.before = before;
        this.after = after;
        this.breaks = breaks;
    }

    /** Compares the schemas at one place of both contracts, and those that they refer to. */
    void compare(String place, Use use, JsonNode was, JsonNode is) {
        var oldName = Contract.name(was);
        var newName = Contract.name(is);
        // a schema that is gone is reported once, and not at every place that referred to it
        if (!oldName.equals(newName)
                && (oldName.isEmpty() || after.at("/components/schemas").has(oldName))) {
            report(place, use, "the schema", orNone(oldName), orNone(newName));
        }
        if (compared.add(List.of(oldName.isEmpty() ? place : oldName, newName, use))) {
            keywords(
                    oldName.isEmpty() ? place : oldName,
                    use,
                    Contract.resolve(before, was),
                    Contract.resolve(after, is));
        }
    }

    private void keywords(String place, Use use, JsonNode was, JsonNode is) {
        // the values of the one must be among those of the other
        var narrow = use == Use.REQUEST ? was : is;
        var wide = use == Use.REQUEST ? is : was;
        if (!types(narrow, wide)) {
            report(place, use, "type", was, is);
        }
        if (wide.has("enum")
                && !(narrow.has("enum")
                        && values(wide, "enum").containsAll(values(narrow, "enum")))) {
            report(place, use, "enum", was, is);
        }
        if (was.has(KNOWN_VALUES) && !known(is).containsAll(values(was, KNOWN_VALUES))) {
            report(place, use, KNOWN_VALUES, was, is);
        }
        UPPER_BOUNDS.stream()
                .filter(bound -> exceeds(narrow, wide, bound, 1))
                .forEach(bound -> report(place, use, bound, was, is));
        LOWER_BOUNDS.stream()
                .filter(bound -> exceeds(narrow, wide, bound, -1))
                .forEach(bound -> report(place, use, bound, was, is));
        if (wide.has("pattern") && !wide.path("pattern").equals(narrow.path("pattern"))) {
            report(place, use, "pattern", was, is);
        }
        required(place, use, was, is);
        constants(place, was, is);
        nested(place, use, was, is);
        additional(place, use, was, is);
        others(place, use, was, is);
    }

    /** Clients wait for known values of answers, such as a code. */
    private static Set<String> known(JsonNode schema) {
        return values(schema, schema.has("enum") ? "enum" : KNOWN_VALUES);
    }

    private static boolean types(JsonNode narrow, JsonNode wide) {
        var types = types(wide);
        return types.isEmpty()
                || (!types(narrow).isEmpty()
                        && types(narrow).stream()
                                .allMatch(type ->
                                        types.contains(type)
                                                || (type.equals("integer")
                                                        && types.contains("number"))));
    }

    private static Set<String> types(JsonNode schema) {
        var type = schema.path("type");
        return type.isString() ? Set.of(type.asString()) : values(schema, "type");
    }

    private static boolean exceeds(JsonNode narrow, JsonNode wide, String bound, int direction) {
        var limit = bound(wide, bound);
        var own = bound(narrow, bound);
        return limit.isPresent()
                && (own.isEmpty() || direction == Integer.signum(own.get().compareTo(limit.get())));
    }

    /** A least length of 0 is none. */
    private static Optional<BigDecimal> bound(JsonNode schema, String bound) {
        return Optional.of(schema.path(bound))
                .filter(JsonNode::isNumber)
                .map(JsonNode::decimalValue)
                .filter(it -> it.signum() != 0 || !bound.matches("min[A-Z].*"));
    }

    private void required(String place, Use use, JsonNode was, JsonNode is) {
        var old = values(was, "required");
        var now = values(is, "required");
        if (use == Use.REQUEST) {
            now.removeAll(old);
            now.forEach(it -> breaks.accept("%s.%s in requests is required".formatted(place, it)));
        } else {
            old.removeAll(now);
            old.retainAll(is.path("properties").propertyNames());
            old.forEach(it -> breaks.accept("%s.%s in answers is optional".formatted(place, it)));
        }
    }

    /** Generated clients have these names. */
    private void constants(String place, JsonNode was, JsonNode is) {
        for (int i = 0; i < was.path(CONSTANTS).size(); i++) {
            var value = was.path("enum").path(i);
            var name = was.path(CONSTANTS).path(i);
            for (int j = 0; j < is.path("enum").size(); j++) {
                if (is.path("enum").path(j).equals(value)
                        && !is.path(CONSTANTS).path(j).equals(name)) {
                    breaks.accept(
                            "%s: the constant of `%s` is no longer %s"
                                    .formatted(place, value.asString(), name.asString()));
                }
            }
        }
    }

    private void nested(String place, Use use, JsonNode was, JsonNode is) {
        for (var property : was.path("properties").properties()) {
            var name = place + "." + property.getKey();
            var now = is.path("properties").path(property.getKey());
            if (now.isMissingNode()) {
                breaks.accept("%s %s is gone".formatted(name, use.words));
            } else {
                compare(name, use, property.getValue(), now);
            }
        }
        if (was.has("items") && is.has("items")) {
            compare(place + "[]", use, was.path("items"), is.path("items"));
        } else if (was.has("items") || is.has("items")) {
            report(place, use, "items", was, is);
        }
        if (was.has("propertyNames") && is.has("propertyNames")) {
            compare(place + " names", use, was.path("propertyNames"), is.path("propertyNames"));
        } else if ((use == Use.REQUEST ? is : was).has("propertyNames")) {
            report(place, use, "propertyNames", was, is);
        }
    }

    private void additional(String place, Use use, JsonNode was, JsonNode is) {
        var old = was.path("additionalProperties");
        var now = is.path("additionalProperties");
        var narrow = use == Use.REQUEST ? old : now;
        var wide = use == Use.REQUEST ? now : old;
        if (old.isObject() && now.isObject()) {
            compare(place + "{}", use, old, now);
        } else if (!isAny(wide) && !wide.equals(narrow) && !isNone(narrow)) {
            report(place, use, "additionalProperties", was, is);
        }
    }

    private static boolean isAny(JsonNode additional) {
        return additional.isMissingNode() || additional.asBoolean(false);
    }

    private static boolean isNone(JsonNode additional) {
        return additional.isBoolean() && !additional.asBoolean();
    }

    /** Keywords of which nothing is known here must not change at all. */
    private void others(String place, Use use, JsonNode was, JsonNode is) {
        var keywords = new TreeSet<String>(was.propertyNames());
        keywords.addAll(is.propertyNames());
        keywords.removeAll(TEXTS);
        keywords.removeAll(UPPER_BOUNDS);
        keywords.removeAll(LOWER_BOUNDS);
        keywords.removeAll(NESTED);
        keywords.removeAll(Set.of("type", "enum", "pattern", "required"));
        keywords.removeIf(keyword -> keyword.startsWith("x-"));
        keywords.stream()
                .filter(keyword -> !was.path(keyword).equals(is.path(keyword)))
                .forEach(keyword -> report(place, use, keyword, was, is));
    }

    private void report(String place, Use use, String keyword, JsonNode was, JsonNode is) {
        report(place, use, keyword, orNone(was.path(keyword)), orNone(is.path(keyword)));
    }

    private void report(String place, Use use, String keyword, String was, String is) {
        breaks.accept("%s %s: %s was %s and is %s".formatted(place, use.words, keyword, was, is));
    }

    private static String orNone(JsonNode value) {
        return value.isMissingNode() ? "none" : value.toString().replace("\"", "");
    }

    private static String orNone(String name) {
        return name.isEmpty() ? "none" : name;
    }

    private static Set<String> values(JsonNode schema, String keyword) {
        return schema.path(keyword)
                .valueStream()
                .map(JsonNode::asString)
                .collect(toCollection(TreeSet::new));
    }
}
