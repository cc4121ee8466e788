package postern.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each operation, parameter, status, property, type and value of {@code openapi.yaml} that goes or
 * changes is found, wherever it is; {@link ContractBreaksTest} has one place of each kind.
 */
class EveryPlaceBreaksTest {

    private static final JsonNode BEFORE = Contract.read().document();

    private final JsonNode after = BEFORE.deepCopy();
    private final List<Change> changes = new ArrayList<>();

    /** A change of {@code after}, and how the line begins that must report it. */
    private record Change(String line, Runnable change, Runnable undo) {}

    @Test
    void eachOperationThatGoes() {
        for (var path : after.path("paths")) {
            for (var operation : fields(path)) {
                var id = operation.getValue().path("operationId").asString();
                without(id + " is gone", path, operation.getKey());
            }
        }
        assertFound(50);
    }

    @Test
    void eachParameterThatGoes() {
        for (var operation : operations()) {
            var id = operation.path("operationId").asString();
            var parameters = (ArrayNode) operation.get("parameters");
            for (var parameter : operation.path("parameters")) {
                changes.add(
                        new Change(
                                "%s `%s` (%s) is gone"
                                        .formatted(
                                                id,
                                                parameter.path("name").asString(),
                                                parameter.path("in").asString()),
                                () -> parameters.removeIf(parameter::equals),
                                () -> parameters.add(parameter)));
            }
        }
        assertFound(100);
    }

    @Test
    void eachStatusOfSuccessThatGoes() {
        for (var operation : operations()) {
            for (var response : successes(operation)) {
                var line =
                        "%s no longer answers %s"
                                .formatted(
                                        operation.path("operationId").asString(),
                                        response.getKey());
                without(line, operation.path("responses"), response.getKey());
            }
        }
        assertFound(50);
    }

    @Test
    void eachMediaTypeAndHeaderThatGoes() {
        for (var operation : operations()) {
            var id = operation.path("operationId").asString();
            withoutEach(id + " takes %s", operation.at("/requestBody/content"));
            for (var response : successes(operation)) {
                var answers = "%s answers %s ".formatted(id, response.getKey());
                withoutEach(answers + "%s", response.getValue().path("content"));
                withoutEach(answers + "with %s", response.getValue().path("headers"));
            }
        }
        assertFound(100);
    }

    @Test
    void eachPropertyThatGoes() {
        for (var schema : schemas().entrySet()) {
            withoutEach(schema.getKey() + ".%s in ", schema.getValue().path("properties"));
        }
        assertFound(300);
    }

    @Test
    void eachPropertyOfAnotherType() {
        for (var schema : schemas().entrySet()) {
            for (var property : fields(schema.getValue().path("properties"))) {
                var own = (ObjectNode) property.getValue();
                var type = own.path("type").asString("");
                if (!type.isEmpty()) {
                    var other = type.equals("boolean") ? "string" : "boolean";
                    changes.add(
                            new Change(
                                    "%s.%s in ".formatted(schema.getKey(), property.getKey()),
                                    () -> own.put("type", other),
                                    () -> own.put("type", type)));
                }
            }
        }
        assertFound(300);
    }

    @Test
    void eachNewPropertyThatARequestMustHave() {
        for (var schema : schemas().entrySet()) {
            var object = schema.getValue();
            // only schemas of requests refuse what they do not know
            if (object.path("additionalProperties").asBoolean(true) || !object.has("properties")) {
                continue;
            }
            var was = object.get("required");
            changes.add(
                    new Change(
                            schema.getKey() + ".new in requests is required",
                            () -> {
                                object.withObject("properties").putObject("new");
                                object.set("required", required(was).add("new"));
                            },
                            () -> {
                                object.withObject("properties").remove("new");
                                object.set("required", required(was));
                            }));
        }
        assertFound(20);
    }

    /** Of the closed sets too, as only requests have these (ADR 0017). */
    @Test
    void eachValueThatGoes() {
        for (var schema : schemas().entrySet()) {
            values(schema.getKey(), schema.getValue());
            for (var property : fields(schema.getValue().path("properties"))) {
                values(schema.getKey() + "." + property.getKey(), property.getValue());
            }
        }
        assertFound(100);
    }

    private static ArrayNode required(@Nullable JsonNode was) {
        return was == null ? Contract.JSON.createArrayNode() : (ArrayNode) was.deepCopy();
    }

    private void values(String place, JsonNode schema) {
        for (var keyword : List.of("enum", "x-extensible-enum")) {
            for (var value : schema.path(keyword)) {
                var all = (ArrayNode) schema.get(keyword);
                changes.add(
                        new Change(
                                place + " in ",
                                () -> all.removeIf(value::equals),
                                () -> all.add(value)));
            }
        }
    }

    private void withoutEach(String line, JsonNode holder) {
        for (var field : fields(holder)) {
            without(line.formatted(field.getKey()), holder, field.getKey());
        }
    }

    private void without(String line, JsonNode holder, String key) {
        var object = (ObjectNode) holder;
        var removed = object.get(key);
        changes.add(new Change(line, () -> object.remove(key), () -> object.set(key, removed)));
    }

    /**
     * Makes changes together, as a comparison takes milliseconds, and those alone that are not
     * found then: another change may have hidden them.
     */
    private void assertFound(int atLeast) {
        var rounds = new HashMap<Integer, List<Change>>();
        var placesSeen = new HashMap<String, Integer>();
        for (var change : changes) {
            int round = placesSeen.merge(placeOf(change), 1, Integer::sum);
            rounds.computeIfAbsent(round, _ -> new ArrayList<>()).add(change);
        }
        assertThat(changes).hasSizeGreaterThan(atLeast);
        assertThat(
                        rounds.values().stream()
                                .flatMap(round -> missed(round).stream())
                                .filter(change -> !missed(List.of(change)).isEmpty())
                                .map(Change::line))
                .isEmpty();
        assertThat(ContractBreaks.between(BEFORE, after)).isEmpty();
    }

    /** The operation or schema; one has a single change in a round. */
    private static String placeOf(Change change) {
        return change.line().replaceFirst("[. ].*", "");
    }

    private List<Change> missed(List<Change> changes) {
        changes.forEach(it -> it.change().run());
        var breaks = ContractBreaks.between(BEFORE, after);
        changes.forEach(it -> it.undo().run());
        return changes.stream()
                .filter(it -> breaks.stream().noneMatch(line -> line.startsWith(it.line())))
                .toList();
    }

    private Map<String, ObjectNode> schemas() {
        var schemas = new LinkedHashMap<String, ObjectNode>();
        fields(after.at("/components/schemas"))
                .forEach(it -> schemas.put(it.getKey(), (ObjectNode) it.getValue()));
        return schemas;
    }

    private List<ObjectNode> operations() {
        return after.path("paths")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .map(ObjectNode.class::cast)
                .toList();
    }

    private static List<Map.Entry<String, JsonNode>> successes(JsonNode operation) {
        return fields(operation.path("responses")).stream()
                .filter(it -> it.getKey().compareTo("400") < 0)
                .toList();
    }

    /** A copy, since the object changes meanwhile. */
    private static List<Map.Entry<String, JsonNode>> fields(JsonNode object) {
        return object.isObject() ? List.copyOf(object.properties()) : List.of();
    }
}
