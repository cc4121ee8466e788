package postern.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import postern.contract.BadValues.Bad;
import postern.contract.Expectation.Refusal;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Breaks a valid body in one place, in a way that its schema does not permit. */
final class BrokenBodies {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String UNKNOWN = "nonsense";

    private final Contract contract;
    private final SchemaValues values;
    private final Dice dice;

    BrokenBodies(Contract contract, SchemaValues values, Dice dice) {
        this.contract = contract;
        this.values = values;
        this.dice = dice;
    }

    /** A body that must be refused. */
    record Broken(JsonNode body, Refusal refusal) {}

    /** A value within the body, with its schema. */
    private record Place(String pointer, String name, JsonNode schema, boolean required) {}

    Optional<Broken> of(JsonNode body, JsonNode schema) {
        var places = new ArrayList<Place>();
        collect(body, schema, "", true, places);
        var place = dice.pick(places);
        var value = body.at(place.pointer());
        return value.isObject() && dice.happens(0.7)
                ? brokenObject(body, (ObjectNode) value, place)
                : brokenValue(body, place);
    }

    private void collect(
            JsonNode value, JsonNode schema, String at, boolean required, List<Place> places) {
        var resolved = contract.resolve(schema);
        if (value.isNull()) {
            return;
        }
        places.add(new Place(at, Contract.name(schema), resolved, required));
        for (var property : value.properties()) {
            var key = property.getKey();
            var own = resolved.path("properties").path(key);
            collect(
                    property.getValue(),
                    own.isMissingNode() ? resolved.path("additionalProperties") : own,
                    at + "/" + escaped(key),
                    resolved.path("required")
                            .valueStream()
                            .anyMatch(it -> it.asString().equals(key)),
                    places);
        }
        for (int i = 0; i < (value.isArray() ? Math.min(value.size(), 3) : 0); i++) {
            collect(value.path(i), resolved.path("items"), at + "/" + i, true, places);
        }
    }

    private Optional<Broken> brokenValue(JsonNode body, Place place) {
        var bad = new ArrayList<>(BadValues.of(place.schema()));
        int most = place.schema().path("maxItems").asInt(Integer.MAX_VALUE);
        if (most < Integer.MAX_VALUE && !body.at(place.pointer()).isEmpty()) {
            bad.add(new Bad("has too many items", tooMany(body.at(place.pointer()), most)));
        }
        if (place.required() && !SchemaValues.nullable(place.schema())) {
            bad.add(new Bad("is null", JSON.nullNode()));
        }
        var chosen = dice.pick(bad);
        return Optional.of(
                new Broken(
                        with(body, place.pointer(), chosen.value()),
                        Refusal.at(place.pointer(), chosen.what())));
    }

    private static ArrayNode tooMany(JsonNode array, int most) {
        var more = JSON.arrayNode();
        for (int i = 0; i <= most; i++) {
            more.add(array.path(0));
        }
        return more;
    }

    private Optional<Broken> brokenObject(JsonNode body, ObjectNode object, Place place) {
        var refused = BodyShapes.refused(place.name());
        if (!refused.isEmpty() && dice.happens(0.5)) {
            var other = values.object(place.schema(), place.name(), dice.pick(refused));
            return Optional.of(
                    new Broken(
                            with(body, place.pointer(), other),
                            Refusal.within(place.pointer(), "has a refused combination")));
        }
        if (place.schema().path("additionalProperties").isObject()) {
            return brokenMap(body, object, place);
        }
        var required = place.schema().path("required").valueStream().toList();
        if (!required.isEmpty() && dice.happens(0.5)) {
            var name = dice.pick(required).asString();
            var less = object.deepCopy();
            less.remove(name);
            return Optional.of(
                    new Broken(
                            with(body, place.pointer(), less),
                            Refusal.at(place.pointer() + "/" + name, "is missing")));
        }
        var more = object.deepCopy().put(UNKNOWN, 1);
        return Optional.of(
                new Broken(
                        with(body, place.pointer(), more),
                        Refusal.at(place.pointer() + "/" + UNKNOWN, "is unknown")));
    }

    private Optional<Broken> brokenMap(JsonNode body, ObjectNode object, Place place) {
        var names = place.schema().path("propertyNames");
        int most = place.schema().path("maxProperties").asInt(Integer.MAX_VALUE);
        var map = object.deepCopy();
        if (most < Integer.MAX_VALUE && dice.happens(0.2)) {
            var value = map.iterator().hasNext() ? map.iterator().next() : JSON.booleanNode(true);
            for (int i = 0; map.size() <= most; i++) {
                map.set("k" + i, value);
            }
            return Optional.of(
                    new Broken(
                            with(body, place.pointer(), map),
                            Refusal.at(place.pointer(), "has too many properties")));
        }
        return BadValues.of(names).stream()
                .filter(it -> it.value().isString())
                .skip(dice.between(0, 5))
                .findFirst()
                .map(bad -> {
                    var key = bad.value().asString();
                    map.put(key, true);
                    return new Broken(
                            with(body, place.pointer(), map),
                            Refusal.within(place.pointer(), "has a name that " + bad.what()));
                });
    }

    private static JsonNode with(JsonNode body, String at, JsonNode value) {
        if (at.isEmpty()) {
            return value;
        }
        var pointer = JsonPointer.compile(at);
        var copy = body.deepCopy();
        var last = pointer.last();
        switch (copy.at(pointer.head())) {
            case ObjectNode object -> object.set(last.getMatchingProperty(), value);
            case ArrayNode array -> array.set(last.getMatchingIndex(), value);
            default -> throw new IllegalStateException(at);
        }
        return copy;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
