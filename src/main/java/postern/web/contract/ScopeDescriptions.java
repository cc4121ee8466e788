package postern.web.contract;

import io.swagger.v3.oas.models.Operation;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import postern.account.Scope;
import postern.web.RequiresScope;

/**
 * Says what a narrowed token needs for an operation, in {@code x-required-scope} and in words. Runs
 * after the description was taken from the Javadoc.
 */
@Component
@Order
class ScopeDescriptions implements GlobalOperationCustomizer {

    private static final String EXTENSION = "x-required-scope";

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        var required = handler.getMethodAnnotation(RequiresScope.class);
        if (required == null) {
            return operation; // RequiredScopesTest fails
        }
        operation.addExtension(EXTENSION, value(required));
        var sentence = sentence(required);
        if (sentence != null) {
            var text = operation.getDescription();
            operation.setDescription(text == null ? sentence : text + " " + sentence);
        }
        return operation;
    }

    /** Scopes with a space between them, as in OAuth. */
    private static String value(RequiresScope required) {
        if (required.wholeSession()) {
            return "whole-session";
        }
        return required.value().length == 0
                ? "none"
                : Arrays.stream(required.value()).map(Scope::id).collect(Collectors.joining(" "));
    }

    private static @Nullable String sentence(RequiresScope required) {
        if (required.wholeSession()) {
            return "Not for a narrowed token.";
        }
        if (required.value().length == 0) {
            return null;
        }
        var scopes =
                Arrays.stream(required.value())
                        .map(scope -> "`" + scope.id() + "`")
                        .collect(Collectors.joining(" and "));
        return "A narrowed token needs %s.".formatted(scopes);
    }
}
