package postern.web.trace;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Leaves Spring Boot's tracing out unless there is a collector to tell: without one it would still
 * make spans of all requests, and throw them away.
 */
final class TraceSwitch implements AutoConfigurationImportFilter, EnvironmentAware {

    static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    /** Whether there is a collector to tell. */
    static final class On implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return isOn(context.getEnvironment());
        }
    }

    private Environment environment = new StandardEnvironment();

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean[] match(@Nullable String[] candidates, AutoConfigurationMetadata metadata) {
        boolean on = isOn(environment);
        boolean[] matches = new boolean[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            matches[i] = on || !isTracing(candidates[i]);
        }
        return matches;
    }

    private static boolean isOn(Environment environment) {
        return StringUtils.hasText(environment.getProperty(ENDPOINT));
    }

    /** The candidates before this filter may have been removed by another one. */
    private static boolean isTracing(@Nullable String candidate) {
        return candidate != null
                && (candidate.startsWith("org.springframework.boot.micrometer.tracing.")
                        || candidate.startsWith("org.springframework.boot.opentelemetry."));
    }
}
