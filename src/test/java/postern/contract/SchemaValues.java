package postern.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.contract.BodyShapes.Shape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes values that a schema of the contract permits, those at its bounds among them. */
final class SchemaValues {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEEPEST = 2;
    private static final int MOST_ITEMS = 3;
    private static final int LONG_LIST = 20;
    private static final List<String> FILTERS = List.of("and", "or");
    private static final double OPTIONAL = 0.3;
    private static final double AT_A_BOUND = 0.3;

    private final Contract contract;
    private final Vocabulary words;
    private final Dice dice;

    SchemaValues(Contract contract, Vocabulary words, Dice dice) {
        this.contract = contract;
        this.words = words;
        this.dice = dice;
    }

    /**
     * A permitted value.
     *
     * @param owner the name of the object's schema or of the operation that the value belongs to
     * @param name the name of the property or parameter
     */
    JsonNode value(JsonNode schema, String owner, String name) {
        return value(schema, owner, name, 0);
    }

    /** A value with just these properties. */
    ObjectNode object(JsonNode schema, String name, Shape shape) {
        return object(schema, name, shape, 0);
    }

    private JsonNode value(JsonNode schema, String owner, String name, int depth) {
        var resolved = contract.resolve(schema);
        var known = type(resolved).equals("array") ? null : words.value(owner, name);
        if (known != null) {
            return known;
        }
        if (resolved.has("enum")) {
            return dice.pick(resolved.path("enum").valueStream().toList());
        }
        return switch (type(resolved)) {
            case "integer" -> integer(resolved);
            case "boolean" -> JSON.booleanNode(dice.happens(0.5));
            case "array" -> array(resolved, owner, name, depth);
            case "object" -> object(resolved, Contract.name(schema), owner, name, depth);
            default -> JSON.stringNode(text(resolved));
        };
    }

    /** The type that is not null. */
    static String type(JsonNode schema) {
        var type = schema.path("type");
        return type.isArray() ? type.path(0).asString() : type.asString("string");
    }

    private JsonNode integer(JsonNode schema) {
        long least = least(schema);
        long most = most(schema);
        if (dice.happens(AT_A_BOUND)) {
            return JSON.numberNode(dice.happens(0.5) ? least : most);
        }
        return JSON.numberNode(dice.between(least, Math.min(most, least + 200)));
    }

    static long least(JsonNode schema) {
        return schema.path("minimum").asLong(isInt(schema) ? Integer.MIN_VALUE : Long.MIN_VALUE);
    }

    static long most(JsonNode schema) {
        return schema.path("maximum").asLong(isInt(schema) ? Integer.MAX_VALUE : Long.MAX_VALUE);
    }

    static boolean isInt(JsonNode schema) {
        return schema.path("format").asString("").equals("int32");
    }

    private String text(JsonNode schema) {
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        var pattern = schema.path("pattern").asString("^[ -~]*$");
        if (most < Integer.MAX_VALUE && dice.happens(AT_A_BOUND)) {
            return filled(pattern, dice.happens(0.5) ? Math.max(least, 1) : most);
        }
        var text = PatternText.of(pattern, dice);
        while (text.codePointCount(0, text.length()) < least) {
            text = PatternText.of(pattern, dice);
        }
        return text;
    }

    /** A text of this many characters, as JSON Schema counts them. */
    private String filled(String pattern, int length) {
        for (var character : List.of("😀", "é", "a")) {
            var text = character.repeat(length);
            if (text.matches(pattern) && (length < 100 || dice.happens(0.5))) {
                return text;
            }
        }
        return "a".repeat(length);
    }

    private ArrayNode array(JsonNode schema, String owner, String name, int depth) {
        var array = JSON.arrayNode();
        int least = schema.path("minItems").asInt(0);
        int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        int length = dice.between(Math.max(least, 1), Math.min(most, MOST_ITEMS));
        if (most <= 1_000 && dice.happens(0.02)) {
            length = most;
        } else if (dice.happens(0.05) && !FILTERS.contains(name)) {
            length = Math.min(most, LONG_LIST);
        }
        var one = value(schema.path("items"), owner, name, depth + 1);
        for (int i = 0; i < length; i++) {
            array.add(length > LONG_LIST ? one : value(schema.path("items"), owner, name, depth));
        }
        return array;
    }

    private ObjectNode object(
            JsonNode schema, String name, String owner, String property, int depth) {
        if (!schema.has("properties")) {
            return map(schema, owner, property, depth);
        }
        var shapes = BodyShapes.permitted(name);
        return object(schema, name, shapes.isEmpty() ? anyOf(schema) : dice.pick(shapes), depth);
    }

    private Shape anyOf(JsonNode schema) {
        var needed = schema.path("required").valueStream().map(JsonNode::asString).toList();
        var possible = new ArrayList<>(schema.path("properties").propertyNames());
        possible.removeAll(needed);
        return new Shape(needed, possible, Map.of());
    }

    private ObjectNode object(JsonNode schema, String name, Shape shape, int depth) {
        var object = JSON.objectNode();
        var properties = schema.path("properties");
        for (var property : properties.propertyNames()) {
            boolean needed = shape.needed().contains(property);
            boolean chosen = shape.possible().contains(property) && dice.happens(OPTIONAL);
            if (needed || (chosen && !tooDeep(property, depth))) {
                object.set(property, property(properties, name, shape, property, depth));
            } else if (dice.happens(0.03) && mayBeNull(name, schema, property)) {
                object.putNull(property);
            }
        }
        return object;
    }

    private JsonNode property(
            JsonNode properties, String name, Shape shape, String property, int depth) {
        var fixed = shape.fixed().get(property);
        if (fixed != null) {
            return Contract.JSON.valueToTree(fixed);
        }
        return value(properties.path(property), name, property, depth + 1);
    }

    /** A filter has at most 100 conditions in all. */
    private static boolean tooDeep(String property, int depth) {
        return depth >= DEEPEST && (FILTERS.contains(property) || property.equals("not"));
    }

    /** Absent, as the conventions of the contract say. In a patch null may remove something. */
    private static boolean mayBeNull(String name, JsonNode schema, String property) {
        return !name.endsWith("Patch")
                && schema.path("required")
                        .valueStream()
                        .noneMatch(it -> it.asString().equals(property));
    }

    private ObjectNode map(JsonNode schema, String owner, String property, int depth) {
        var map = JSON.objectNode();
        var values = schema.path("additionalProperties");
        for (int left = dice.between(1, 3); left > 0; left--) {
            var word = words.value(owner, property + " name");
            var key =
                    word == null
                            ? PatternText.of(
                                    schema.path("propertyNames").path("pattern").asString(), dice)
                            : word.asString();
            if (map.propertyNames().stream().anyMatch(key::equalsIgnoreCase)) {
                continue; // keywords that differ in case alone are the same
            }
            map.set(
                    key,
                    nullable(values) && dice.happens(0.2)
                            ? JSON.nullNode()
                            : value(values, owner, property + " value", depth + 1));
        }
        return map;
    }

    static boolean nullable(@Nullable JsonNode schema) {
        return schema != null
                && schema.path("type").valueStream().anyMatch(it -> it.asString().equals("null"));
    }
}
