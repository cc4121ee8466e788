package postern.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Values that a schema of the contract does not permit: beyond its bounds, or of another type. */
final class BadValues {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Texts among which some match no pattern or are no value of an enumeration. */
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "nonsense",
                    "a b",
                    "a\nb",
                    "a\u0000b",
                    "a\u007f",
                    "ä",
                    "%",
                    "..",
                    "0",
                    "1.0",
                    "<x>",
                    "\"",
                    "\\Seen",
                    "2026-13-01",
                    "2026-01-01T25:00:00Z");

    private static final List<String> NO_TIMES =
            List.of("", "x", "2026-01-01", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00", "0");

    /** A value, and what is wrong with it. */
    record Bad(String what, JsonNode value) {}

    private BadValues() {}

    /** For a property of a body; the schema is without references. */
    static List<Bad> of(JsonNode schema) {
        return switch (SchemaValues.type(schema)) {
            case "integer" -> integers(schema);
            case "boolean" -> otherTypes(JSON.stringNode("true"), JSON.numberNode(0), list());
            case "array" -> arrays(schema);
            case "object" -> otherTypes(JSON.stringNode("x"), JSON.numberNode(1), list());
            default -> strings(schema);
        };
    }

    /** For a parameter: texts that cannot be read as the schema says. */
    static List<Bad> texts(JsonNode schema) {
        return switch (SchemaValues.type(schema)) {
            case "integer" ->
                    Stream.concat(
                                    outOfBounds(schema).map(Object::toString),
                                    Stream.of("x", "1.5", "", "1e2", "0x1", "9".repeat(30)))
                            .map(BadValues::badText)
                            .toList();
            case "boolean" ->
                    Stream.of("yes", "2", "", "x", "TRUE").map(BadValues::badText).toList();
            default -> strings(schema).stream().filter(it -> it.value().isString()).toList();
        };
    }

    private static Bad badText(String text) {
        return new Bad("is " + quoted(text), JSON.stringNode(text));
    }

    private static List<Bad> integers(JsonNode schema) {
        var bad =
                new ArrayList<>(
                        otherTypes(
                                JSON.stringNode("1"),
                                JSON.numberNode(1.5),
                                JSON.booleanNode(true),
                                list()));
        outOfBounds(schema)
                .map(it -> new Bad("is " + it, Contract.JSON.readTree(it)))
                .forEach(bad::add);
        return bad;
    }

    private static Stream<String> outOfBounds(JsonNode schema) {
        var beyond = Stream.<String>builder();
        long least = SchemaValues.least(schema);
        long most = SchemaValues.most(schema);
        beyond.add(least == Long.MIN_VALUE ? "-9223372036854775809" : String.valueOf(least - 1));
        beyond.add(most == Long.MAX_VALUE ? "9223372036854775808" : String.valueOf(most + 1));
        return beyond.build();
    }

    private static List<Bad> arrays(JsonNode schema) {
        return schema.path("minItems").asInt(0) > 0
                ? otherTypes(JSON.stringNode("x"), JSON.objectNode(), list())
                : otherTypes(JSON.stringNode("x"), JSON.objectNode(), JSON.numberNode(1));
    }

    private static List<Bad> strings(JsonNode schema) {
        var bad = new ArrayList<>(otherTypes(JSON.numberNode(1), JSON.booleanNode(true), list()));
        bad.add(new Bad("is an object", JSON.objectNode()));
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        var texts = schema.path("format").asString("").equals("date-time") ? NO_TIMES : TEXTS;
        texts.stream().filter(it -> !permits(schema, it)).forEach(it -> bad.add(badText(it)));
        if (most < Integer.MAX_VALUE) {
            bad.add(new Bad("is too long", JSON.stringNode("a".repeat(most + 1))));
        }
        if (least > 1) {
            bad.add(new Bad("is too short", JSON.stringNode("a".repeat(least - 1))));
        }
        return bad;
    }

    private static boolean permits(JsonNode schema, String text) {
        if (schema.path("format").asString("").equals("date-time")) {
            return false;
        }
        if (schema.has("enum")) {
            return schema.path("enum").valueStream().anyMatch(it -> it.asString().equals(text));
        }
        return text.matches(schema.path("pattern").asString("(?s).*"))
                && text.length() >= schema.path("minLength").asInt(0);
    }

    private static List<Bad> otherTypes(JsonNode... values) {
        return Stream.of(values).map(it -> new Bad("is " + it, it)).toList();
    }

    private static JsonNode list() {
        return JSON.arrayNode();
    }

    /** With control characters as numbers. */
    static String quoted(String text) {
        return IntStream.range(0, text.length())
                .mapToObj(text::charAt)
                .map(it -> it < ' ' || it == 0x7f ? "\\x%02x".formatted((int) it) : it.toString())
                .collect(Collectors.joining("", "'", "'"));
    }
}
