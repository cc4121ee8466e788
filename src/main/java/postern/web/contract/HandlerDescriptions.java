package postern.web.contract;

import io.swagger.v3.core.util.AnnotationsUtils;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.List;
import java.util.Objects;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/**
 * Describes an operation by its handler's Javadoc: the first paragraph is the summary, the others
 * are the description, and {@code @param} describes parameters. A parameter that several operations
 * have in one meaning is described here, unless the handler describes it.
 */
@Component
class HandlerDescriptions implements GlobalOperationCustomizer {

    private static final int MOST_HEADERS = 20;

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        var javadoc = Javadoc.of(handler.getMethod());
        var text = javadoc.text();
        if (!text.isEmpty()) {
            operation.setSummary(withoutFullStop(text.getFirst()));
            if (text.size() > 1) {
                operation.setDescription(String.join("\n\n", text.subList(1, text.size())));
            }
        }
        Objects.requireNonNullElse(operation.getParameters(), List.<Parameter>of())
                .forEach(parameter -> describe(parameter, javadoc));
        return operation;
    }

    private static void describe(Parameter parameter, Javadoc handler) {
        constrain(parameter);
        var own = handler.parameters().get(parameter.getName());
        if (own != null) {
            parameter.setDescription(own);
        } else if (parameter.getDescription() == null) {
            describe(parameter);
        }
    }

    /** What the code refuses of a parameter with this name, wherever it is. */
    private static void constrain(Parameter parameter) {
        // a copy: springdoc has one schema for all parameters of one type
        var schema = AnnotationsUtils.clone(parameter.getSchema(), true);
        parameter.setSchema(schema);
        switch (parameter.getName()) {
            case "from", "to", "subject", "text" -> schema.minLength(1).pattern(Texts.LINE);
            case "since", "before" -> {
                // a state has a pattern of its own
                if (schema.getPattern() == null && schema.getItems() == null) {
                    schema.pattern(Texts.MOMENT);
                }
            }
            case "hasKeyword" -> schema.pattern(Texts.KEYWORD);
            case "headers" -> {
                schema.maxItems(MOST_HEADERS);
                schema.getItems().pattern(Texts.FIELD_NAME);
            }
            case "keywords" -> schema.getItems().pattern(Texts.LISTED_KEYWORD);
            case "partId" -> schema.pattern(Texts.PART_ID);
            default -> {
                // its type says what it can be
            }
        }
    }

    private static void describe(Parameter shared) {
        switch (shared.getName()) {
            case "from" -> shared.setDescription("Occurs in From, in any case.");
            case "to" -> shared.setDescription("Occurs in To, in any case.");
            case "subject" -> shared.setDescription("Occurs in Subject, in any case.");
            case "text" -> shared.setDescription("Occurs anywhere in the message, in any case.");
            case "since" ->
                    shared.description(
                                    "Arrived then or later: an RFC 3339 date, which is a day of the"
                                            + " mail server's, or a date-time, which is exact.")
                            .setExample("2026-03-01");
            case "before" ->
                    shared.description("Arrived earlier than that; written as `since` is.")
                            .setExample("2026-03-01T12:00:00Z");
            case "Last-Event-ID" ->
                    shared.setDescription(
                            "The last `id` that was received: what came after it is told first. It"
                                    + " wins over `since`.");
            case HttpHeaders.IF_MATCH ->
                    shared.setDescription(
                            "Do it only in this state: the `ETag` of `getMessage`; 412 otherwise.");
            default -> {
                // its type says what it is
            }
        }
    }

    private static String withoutFullStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
