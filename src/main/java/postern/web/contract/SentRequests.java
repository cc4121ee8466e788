package postern.web.contract;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.callbacks.Callback;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.List;
import java.util.stream.Stream;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Describes the requests that the gateway sends, as callbacks of the operations that ask for them.
 * Webhooks of OpenAPI 3.1 would say the same, but generators make operations of a client of them:
 * the one for Python code that does not compile, and the one for Go in the place of others.
 */
@Component
@Order(0) // before the rules for all schemas are applied
class SentRequests implements GlobalOpenApiCustomizer {

    private static final String JSON = "application/json";

    private final List<SentRequest> requests;

    SentRequests(List<SentRequest> requests) {
        this.requests = requests;
    }

    @Override
    public void customise(OpenAPI document) {
        for (var request : requests) {
            define(request.body(), document);
            var url = "{$request.body#%s}".formatted(request.urlPointer());
            var callback = new Callback();
            callback.addPathItem(url, new PathItem().post(operation(request)));
            operations(document)
                    .filter(it -> request.askedForBy().equals(it.getOperationId()))
                    .forEach(it -> it.addCallback(request.operationId(), callback));
        }
    }

    /** The bodies of all callbacks of the document. */
    static Stream<Content> bodies(OpenAPI document) {
        return operations(document)
                .filter(it -> it.getCallbacks() != null)
                .flatMap(it -> it.getCallbacks().values().stream())
                .flatMap(it -> it.values().stream())
                .flatMap(it -> it.readOperations().stream())
                .map(it -> it.getRequestBody().getContent());
    }

    private static Stream<Operation> operations(OpenAPI document) {
        return document.getPaths().values().stream().flatMap(it -> it.readOperations().stream());
    }

    private static void define(Class<?> body, OpenAPI document) {
        var known = document.getComponents().getSchemas();
        ModelConverters.getInstance(true)
                .readAllAsResolvedSchema(new AnnotatedType(body))
                .referencedSchemas
                .forEach((name, schema) -> {
                    if (known == null || !known.containsKey(name)) {
                        document.getComponents().addSchemas(name, schema);
                    }
                });
    }

    private static Operation operation(SentRequest request) {
        var text = Javadoc.of(request.getClass()).text();
        var operation =
                new Operation()
                        .operationId(request.operationId())
                        .security(List.of())
                        .requestBody(new RequestBody().required(true).content(content(request)))
                        .responses(responses(request));
        if (!text.isEmpty()) {
            operation.summary(text.getFirst().replaceFirst("\\.$", ""));
            operation.description(String.join("\n\n", text.subList(1, text.size())));
        }
        request.headers()
                .forEach((name, description) ->
                        operation.addParametersItem(
                                new Parameter()
                                        .in("header")
                                        .name(name)
                                        .required(true)
                                        .description(description)
                                        .schema(new JsonSchema().typesItem("string"))));
        return operation;
    }

    private static Content content(SentRequest request) {
        var media = new MediaType().schema(reference(request.body()));
        ExampleFiles.read("examples/%s.yaml".formatted(request.operationId()))
                .properties()
                .forEach(it -> media.addExamples(it.getKey(), new Example().value(it.getValue())));
        return new Content().addMediaType(JSON, media);
    }

    private static ApiResponses responses(SentRequest request) {
        var responses = new ApiResponses();
        request.responses()
                .forEach((status, text) ->
                        responses.addApiResponse(status, new ApiResponse().description(text)));
        return responses;
    }

    private static Schema<?> reference(Class<?> type) {
        return new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + type.getSimpleName());
    }
}
