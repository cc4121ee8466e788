package postern.web.contract;

import static org.springframework.http.MediaType.APPLICATION_OCTET_STREAM_VALUE;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import postern.web.idempotency.IdempotencyKeys;
import postern.web.idempotency.Idempotent;

/** Documents successful responses beyond the handler's return type: files, ranges and headers. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE) // operations with parameters are then documented with a 400
class SuccessResponses implements GlobalOperationCustomizer {

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        var download = handler.getMethodAnnotation(DownloadOperation.class);
        if (download != null) {
            describe(operation, download);
        }
        var headers = handler.getMethodAnnotation(SendsHeaders.class);
        if (headers != null) {
            describe(operation, handler, headers);
        }
        if (handler.hasMethodAnnotation(Idempotent.class)) {
            describeKey(operation);
        }
        if (isRead(handler) && !operation.getResponses().containsKey("304")) {
            var there = "`If-None-Match: *` was asked, and this is there.";
            add(operation, "304", new ApiResponse().description(there));
        }
        return operation;
    }

    private static void describe(Operation operation, DownloadOperation download) {
        var file = file("The file.", download);
        add(operation, "200", file);
        if (!download.ranges()) {
            return;
        }
        withHeaders(file, HttpHeaders.ACCEPT_RANGES, HttpHeaders.ETAG);
        var part = file("The part of the file that was asked for.", download);
        withHeaders(part, HttpHeaders.CONTENT_RANGE, HttpHeaders.ETAG);
        add(operation, "206", part);
        parameter(operation, HttpHeaders.RANGE, "Which octets (RFC 9110 §14.2).")
                .setExample("bytes=0-65535");
        parameter(
                operation,
                HttpHeaders.IF_RANGE,
                "The `ETag` of a file of which a part is at hand: another one comes whole.");
        parameter(
                operation,
                HttpHeaders.IF_MATCH,
                "The `ETag` of the file that is meant; 412 when this is another one.");
        describeNotModified(operation);
    }

    private static void describeNotModified(Operation operation) {
        parameter(operation, HttpHeaders.IF_NONE_MATCH, "A version already at hand.")
                .setExample("\"7-4-41\"");
        var latest = new ApiResponse().description("That version is the latest.");
        add(operation, "304", withHeaders(latest, HttpHeaders.ETAG));
    }

    /**
     * Generators that know few media types take a file as octets only where one of its types is
     * application/octet-stream.
     */
    private static ApiResponse file(String description, DownloadOperation download) {
        var content = new Content();
        for (var type : download.value()) {
            content.addMediaType(type, octets());
        }
        content.addMediaType(APPLICATION_OCTET_STREAM_VALUE, octets());
        var file = new ApiResponse().description(description).content(content);
        return withHeaders(file, HttpHeaders.CONTENT_DISPOSITION);
    }

    private static MediaType octets() {
        return new MediaType().schema(new JsonSchema().typesItem("string").format("binary"));
    }

    private static void describe(Operation operation, HandlerMethod handler, SendsHeaders headers) {
        successes(operation).forEach(response -> withHeaders(response, headers.value()));
        if (isRead(handler)
                && List.of(headers.value()).contains(HttpHeaders.ETAG)
                && !operation.getResponses().containsKey("304")) {
            describeNotModified(operation);
        }
    }

    /**
     * Documents Idempotency-Key; several handlers may implement one operation, so the parameter may
     * exist already.
     */
    private static void describeKey(Operation operation) {
        successes(operation).forEach(response -> withHeaders(response, IdempotencyKeys.REPLAYED));
        var parameters = operation.getParameters();
        if (parameters == null
                || parameters.stream()
                        .noneMatch(it -> IdempotencyKeys.HEADER.equals(it.getName()))) {
            // without an example, which tools would send with every request
            var key =
                    parameter(
                            operation,
                            IdempotencyKeys.HEADER,
                            "Any text of the caller's own in ASCII; in quotes (a string of RFC 9651)"
                                    + " it is the same key. The request is carried"
                                    + " out once, however often it is sent. For a day the"
                                    + " same key gets the answer of the first request, whatever the credential"
                                    + " of the account. A message that may have"
                                    + " been stored, copied or moved when the mail server was lost is looked"
                                    + " for before that is done again. Replicas that do not share their state keep"
                                    + " the keys each by itself, and forget them when they end: send a"
                                    + " repetition to the same one.");
            // bare, or as a string of RFC 9651
            key.getSchema()
                    .minLength(1)
                    .maxLength(255)
                    .pattern(
                            "^([\\x21\\x23-\\x7e][\\x20-\\x7e]*"
                                    + "|\"([\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\"\\\\])+\")$");
        }
    }

    private static Stream<ApiResponse> successes(Operation operation) {
        return operation.getResponses().entrySet().stream()
                .filter(response -> response.getKey().startsWith("2"))
                .map(Map.Entry::getValue);
    }

    private static boolean isRead(HandlerMethod handler) {
        var mapping =
                AnnotatedElementUtils.findMergedAnnotation(
                        handler.getMethod(), RequestMapping.class);
        return mapping != null && List.of(mapping.method()).contains(RequestMethod.GET);
    }

    private static void add(Operation operation, String status, ApiResponse response) {
        operation.getResponses().addApiResponse(status, response);
    }

    private static Parameter parameter(Operation operation, String name, String description) {
        var schema = new JsonSchema().typesItem("string");
        var parameter = new HeaderParameter().name(name).description(description).schema(schema);
        operation.addParametersItem(parameter);
        return parameter;
    }

    private static ApiResponse withHeaders(ApiResponse response, String... names) {
        Arrays.stream(names)
                .forEach(name -> response.addHeaderObject(name, ContractHeaders.get(name)));
        return response;
    }
}
