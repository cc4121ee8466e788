package postern.operator;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A property that begins with {@code postern.} and that nobody reads; its value is not told. */
final class UnknownProperty extends IllegalStateException {

    private final @Nullable String meant;

    /**
     * @param origin where it is set
     * @param meant the known property that is most like it
     */
    UnknownProperty(String name, String origin, @Nullable String meant) {
        super("There is no property '%s', which is set in %s.".formatted(name, origin));
        this.meant = meant;
    }

    /** Explains at startup what to do, instead of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnknownProperty> {

        @Override
        protected FailureAnalysis analyze(Throwable failure, UnknownProperty cause) {
            var action =
                    cause.meant == null
                            ? "Remove it. docs/configuration.md lists all properties."
                            : "Did you mean '%s'? docs/configuration.md lists all properties."
                                    .formatted(cause.meant);
            return new FailureAnalysis(String.valueOf(cause.getMessage()), action, cause);
        }
    }
}
