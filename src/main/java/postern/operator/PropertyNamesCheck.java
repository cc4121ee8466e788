package postern.operator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * Finds misspelt properties, which would leave a default in force without a word. One in a file or
 * on the command line ends the start. An environment variable is only warned of: others set some
 * too, such as Kubernetes for a service named {@code postern}.
 */
@Component
final class PropertyNamesCheck implements BeanFactoryPostProcessor, EnvironmentAware {

    private static final Logger log = LoggerFactory.getLogger(PropertyNamesCheck.class);
    private static final String OURS = "postern.";

    /** POSTERN_SERVICE_HOST, POSTERN_PORT, POSTERN_PORT_8080_TCP_ADDR. */
    private static final Pattern OF_KUBERNETES =
            Pattern.compile("POSTERN_(SERVICE_(HOST|PORT.*)|PORT(_\\d+_(TCP|UDP).*)?)");

    private @Nullable Environment environment;

    /** Called before anything is injected, for which it is too early. */
    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        try {
            var loader = PropertyNamesCheck.class.getClassLoader();
            if (environment instanceof ConfigurableEnvironment listed) {
                check(listed, KnownProperties.read(loader));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void check(ConfigurableEnvironment environment, KnownProperties known) {
        if (!known.complete()) {
            return;
        }
        for (var source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> listed) {
                boolean variables =
                        source.getName()
                                .startsWith(
                                        StandardEnvironment
                                                .SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
                for (var name : listed.getPropertyNames()) {
                    if (variables) {
                        checkVariable(name, known);
                    } else {
                        check(name, listed.getName(), known);
                    }
                }
            }
        }
    }

    private static void check(String name, String source, KnownProperties known) {
        var canonical = ConfigurationPropertyName.adapt(name, '.');
        var text = canonical.toString();
        if (text.startsWith(OURS) && !known.has(canonical)) {
            throw new UnknownProperty(name, source, known.nearest(text).orElse(null));
        }
    }

    private static void checkVariable(String name, KnownProperties known) {
        if (name.startsWith("POSTERN_")
                && !OF_KUBERNETES.matcher(name).matches()
                && !known.hasVariable(name)) {
            log.warn(
                    "the environment variable {} sets no property{}",
                    name,
                    known.nearestVariable(name).map(it -> "; did you mean " + it + "?").orElse(""));
        }
    }
}
