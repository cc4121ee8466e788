package postern.web.contract;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Says in the contract what may grow. Answers, and what the gateway sends by itself, may get fields
 * and values later: their objects are open, and their enumerations are strings with the known
 * values. A request has nothing but what is documented. What occurs in both obeys the rule for
 * requests.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE) // after the schemas of problems have been added
@SuppressWarnings("rawtypes") // the models are raw
class OpenAnswers implements GlobalOpenApiCustomizer {

    static final String KNOWN_VALUES = "x-extensible-enum";

    @Override
    public void customise(OpenAPI document) {
        var components = document.getComponents().getSchemas();
        if (components == null) {
            return;
        }
        var requests = reachable(requests(document), components);
        var answers = reachable(answers(document), components);
        answers.removeAll(requests);
        components.forEach((name, schema) -> {
            if (requests.contains(name)) {
                close(schema);
            } else if (answers.contains(name)) {
                open(schema, components, answers);
            }
        });
    }

    private static void close(Schema<?> schema) {
        if (isRecord(schema)) {
            schema.setAdditionalProperties(false);
            Stream.ofNullable(schema.getProperties().get("keywords"))
                    .forEach(it -> it.setPropertyNames(new JsonSchema().pattern(Texts.KEYWORD)));
        }
    }

    private static void open(
            Schema<?> schema, Map<String, Schema> components, Set<String> answers) {
        if (schema.getEnum() != null) {
            openEnumeration(schema);
        } else if (isRecord(schema)) {
            schema.setAdditionalProperties(true);
            schema.getProperties().replaceAll((_, it) -> opened(it, components, answers));
        }
    }

    private static boolean isRecord(Schema<?> schema) {
        return schema.getProperties() != null;
    }

    /**
     * An enumeration that a request has too stays closed there, and is repeated here as a string.
     */
    private static Schema<?> opened(
            Schema<?> property, Map<String, Schema> components, Set<String> answers) {
        if (property.getItems() != null) {
            property.setItems(opened(property.getItems(), components, answers));
        }
        if (property.getEnum() != null) {
            openEnumeration(property);
        }
        var name = name(property);
        var enumeration = name == null || answers.contains(name) ? null : components.get(name);
        if (enumeration == null || enumeration.getEnum() == null) {
            return property;
        }
        var own = property.getDescription();
        var text = own == null ? enumeration.getDescription() : own;
        var copy = new JsonSchema().typesItem("string").description(text);
        values(enumeration).forEach(copy::addEnumItemObject);
        openEnumeration(copy);
        return copy;
    }

    private static void openEnumeration(Schema<?> schema) {
        var values = values(schema);
        var known =
                "Known values: %s; there may be others later."
                        .formatted(
                                values.stream()
                                        .map("`%s`"::formatted)
                                        .collect(Collectors.joining(", ")));
        var text = schema.getDescription();
        schema.setDescription(text == null ? known : text + " " + known);
        schema.setEnum(null);
        schema.addExtension(KNOWN_VALUES, values);
        schema.getExtensions().remove(JsonSchemas.CONSTANTS);
    }

    private static List<Object> values(Schema<?> enumeration) {
        return List.copyOf(enumeration.getEnum());
    }

    private static Stream<Schema> requests(OpenAPI document) {
        return operations(document)
                .flatMap(operation ->
                        Stream.concat(
                                stream(operation.getParameters()).map(it -> it.getSchema()),
                                Stream.ofNullable(operation.getRequestBody())
                                        .flatMap(body -> schemas(body.getContent()))));
    }

    private static Stream<Schema> answers(OpenAPI document) {
        var shared = document.getComponents().getResponses();
        var own =
                operations(document)
                        .flatMap(operation -> operation.getResponses().values().stream());
        var all = Stream.concat(own, shared == null ? Stream.empty() : shared.values().stream());
        return Stream.concat(all.map(ApiResponse::getContent), SentRequests.bodies(document))
                .flatMap(OpenAnswers::schemas);
    }

    private static Stream<Operation> operations(OpenAPI document) {
        return document.getPaths().values().stream().flatMap(it -> it.readOperations().stream());
    }

    private static Stream<Schema> schemas(@Nullable Content content) {
        return content == null
                ? Stream.empty()
                : content.values().stream().flatMap(it -> Stream.ofNullable(it.getSchema()));
    }

    /** The names of all schemas that these refer to, directly or not. */
    private static Set<String> reachable(Stream<Schema> roots, Map<String, Schema> components) {
        var names = new HashSet<String>();
        var todo = new ArrayList<Schema>(roots.filter(Objects::nonNull).toList());
        while (!todo.isEmpty()) {
            var schema = todo.removeLast();
            var name = name(schema);
            if (name != null && components.containsKey(name) && names.add(name)) {
                todo.add(components.get(name));
            }
            children(schema).forEach(todo::add);
        }
        return names;
    }

    private static Stream<Schema> children(Schema<?> schema) {
        var properties = schema.getProperties();
        var values = schema.getAdditionalProperties() instanceof Schema<?> it ? it : null;
        return Stream.of(
                        Stream.<Schema>ofNullable(schema.getItems()),
                        Stream.<Schema>ofNullable(schema.getNot()),
                        Stream.<Schema>ofNullable(values),
                        stream(properties == null ? null : properties.values()),
                        stream(schema.getOneOf()))
                .flatMap(it -> it);
    }

    private static <T> Stream<T> stream(@Nullable Collection<T> all) {
        return all == null ? Stream.empty() : all.stream();
    }

    private static @Nullable String name(Schema<?> schema) {
        var reference = schema.get$ref();
        return reference == null
                ? null
                : reference.substring(Components.COMPONENTS_SCHEMAS_REF.length());
    }
}
