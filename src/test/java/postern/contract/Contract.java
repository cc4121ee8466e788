package postern.contract;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import postern.contract.ContractOperation.Parameter;
import postern.contract.ContractOperation.Place;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The committed openapi.yaml. */
final class Contract {

    static final JsonMapper JSON = new JsonMapper();

    private final JsonNode document;
    private final List<ContractOperation> operations;

    private Contract(JsonNode document) {
        this.document = document;
        this.operations = operationsOf(document);
    }

    static Contract read() {
        return new Contract(read(Path.of("openapi.yaml")));
    }

    /** A YAML file as a tree. */
    static JsonNode read(Path yaml) {
        try (var file = Files.newBufferedReader(yaml)) {
            return JSON.valueToTree(new Yaml().load(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode document() {
        return document;
    }

    List<ContractOperation> operations() {
        return operations;
    }

    ContractOperation operation(String id) {
        return operations.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
    }

    /** The schema or response itself where this is a reference. */
    JsonNode resolve(JsonNode node) {
        return resolve(document, node);
    }

    /** The name of a schema that is a reference; else empty. */
    static String name(JsonNode schema) {
        var reference = schema.path("$ref").asString("");
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    static JsonNode resolve(JsonNode document, JsonNode node) {
        var reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    private static List<ContractOperation> operationsOf(JsonNode document) {
        var found = new ArrayList<ContractOperation>();
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                found.add(
                        operation(
                                document,
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                operation.getValue()));
            }
        }
        return List.copyOf(found);
    }

    private static ContractOperation operation(
            JsonNode document, String method, String path, JsonNode operation) {
        return new ContractOperation(
                operation.path("operationId").asString(),
                method,
                path,
                needsCredentials(operation),
                operation.path("parameters").valueStream().map(Contract::parameter).toList(),
                schemas(operation.path("requestBody").path("content")),
                operation.path("responses").properties().stream()
                        .collect(
                                toMap(
                                        it -> Integer.valueOf(it.getKey()),
                                        it -> resolve(document, it.getValue()))));
    }

    /** Where it says nothing else, it takes what the whole contract says. */
    private static boolean needsCredentials(JsonNode operation) {
        var security = operation.path("security");
        return security.isMissingNode()
                || !security.isEmpty() && security.valueStream().noneMatch(JsonNode::isEmpty);
    }

    private static Parameter parameter(JsonNode parameter) {
        return new Parameter(
                parameter.path("name").asString(),
                Place.valueOf(parameter.path("in").asString().toUpperCase(Locale.ROOT)),
                parameter.path("required").asBoolean(false),
                parameter.path("schema"));
    }

    private static Map<String, JsonNode> schemas(JsonNode content) {
        return content.properties().stream()
                .collect(toMap(Map.Entry::getKey, it -> it.getValue().path("schema")));
    }
}
