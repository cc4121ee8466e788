package postern.operator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * Finds misspelt properties, which would leave a default in force without a word. One in a file or
 * on the command line ends the start. Of an environment variable, and of a file in a directory of
 * secrets, there is only a warning: others put some there as well, such as Kubernetes for a service
 * named {@code postern}, or a certificate {@code postern.pem}.
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
                    } else if (!read(name, listed, environment, known)) {
                        report(name, listed, known);
                    }
                }
            }
        }
    }

    private static boolean read(
            String name,
            EnumerablePropertySource<?> source,
            ConfigurableEnvironment environment,
            KnownProperties known) {
        var canonical = ConfigurationPropertyName.adapt(name, '.');
        return !canonical.toString().startsWith(OURS)
                || known.has(canonical)
                || known.hasWithin(canonical) && isEmpty(source.getProperty(name))
                || placeholder(name, environment);
    }

    /** A section of a YAML file in which each line is a comment. */
    private static boolean isEmpty(@Nullable Object value) {
        return value == null || value instanceof String text && text.isEmpty();
    }

    /** Whether another property takes its value from this one, which the operator has made up. */
    private static boolean placeholder(String name, ConfigurableEnvironment environment) {
        return environment.getPropertySources().stream()
                .filter(it -> !(it instanceof ConfigTreePropertySource))
                .filter(EnumerablePropertySource.class::isInstance)
                .map(it -> (EnumerablePropertySource<?>) it)
                .flatMap(it -> Arrays.stream(it.getPropertyNames()).map(it::getProperty))
                .filter(CharSequence.class::isInstance)
                .map(Object::toString)
                .anyMatch(it -> it.contains("${" + name + "}") || it.contains("${" + name + ":"));
    }

    private static void report(
            String name, EnumerablePropertySource<?> source, KnownProperties known) {
        var text = ConfigurationPropertyName.adapt(name, '.').toString();
        var meant = known.nearest(text).orElse(null);
        if (!(source instanceof ConfigTreePropertySource)) {
            throw new UnknownProperty(name, source.getName(), meant);
        }
        log.warn(
                "{} in {} sets no property{}",
                name,
                source.getName(),
                meant == null ? "" : "; did you mean " + meant + "?");
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
