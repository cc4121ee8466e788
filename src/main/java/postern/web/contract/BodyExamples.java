package postern.web.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Gives the bodies of each operation the examples of {@code examples/<operationId>.yaml}, which has
 * them by media type below {@code request} and {@code answer}.
 */
@Component
@Order(1) // after the responses have been added
class BodyExamples implements GlobalOpenApiCustomizer {

    @Override
    public void customise(OpenAPI document) {
        document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .forEach(BodyExamples::addTo);
    }

    private static void addTo(Operation operation) {
        var examples = ExampleFiles.read("examples/%s.yaml".formatted(operation.getOperationId()));
        var body = operation.getRequestBody();
        addTo(body == null ? null : body.getContent(), examples.path("request"));
        operation.getResponses().values().stream()
                .flatMap(response -> Stream.ofNullable(response.getContent()))
                .forEach(content -> addTo(content, examples.path("answer")));
    }

    private static void addTo(@Nullable Content content, JsonNode examples) {
        if (content != null) {
            content.forEach((type, media) -> {
                var example = examples.path(example(type));
                if (!example.isMissingNode()) {
                    media.setExample(example.isTextual() ? example.textValue() : example);
                }
            });
        }
    }

    /** A merge patch has the example of JSON. */
    private static String example(String type) {
        return type.endsWith("+json") ? MediaType.APPLICATION_JSON_VALUE : type;
    }
}
