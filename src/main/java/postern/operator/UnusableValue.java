package postern.operator;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Explains a value that the gateway refuses. Their messages begin with the name of the property.
 */
final class UnusableValue implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var message = cause.getMessage();
            if (cause instanceof IllegalArgumentException
                    && message != null
                    && message.startsWith("postern.")) {
                return new FailureAnalysis(
                        message, "docs/configuration.md says what the property takes.", cause);
            }
        }
        return null;
    }
}
