package postern.web.log;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.stereotype.Component;

/**
 * Keeps the loggers of libraries quiet that print passwords, tokens and mail at DEBUG or TRACE,
 * whatever the operator has configured: Jetty prints what is on the wire, and Spring the arguments
 * and results of handlers. A level for all loggers would otherwise turn them on.
 */
@Component
final class TalkativeLoggers implements InitializingBean {

    private static final List<String> NAMES =
            List.of(
                    "org.eclipse.jetty",
                    "org.eclipse.angus",
                    "org.springframework.boot.web",
                    "org.springframework.core.codec",
                    "org.springframework.http",
                    "org.springframework.validation",
                    "org.springframework.web",
                    "org.hibernate.validator",
                    "io.lettuce",
                    "io.netty",
                    "jdk.httpclient",
                    "sun.net.www");

    private final LoggingSystem logging;

    TalkativeLoggers(LoggingSystem logging) {
        this.logging = logging;
    }

    /** Before the web server is started. */
    @Override
    public void afterPropertiesSet() {
        for (var configured : logging.getLoggerConfigurations()) {
            if (isTalkative(configured.getName())) {
                quieten(configured);
            }
        }
        if (isTooLow(logging.getLoggerConfiguration(LoggingSystem.ROOT_LOGGER_NAME))) {
            NAMES.forEach(name -> logging.setLogLevel(name, LogLevel.INFO));
        }
        for (var name : NAMES) {
            quieten(logging.getLoggerConfiguration(name));
        }
    }

    private void quieten(@Nullable LoggerConfiguration configured) {
        if (configured != null && isTooLow(configured)) {
            logging.setLogLevel(configured.getName(), LogLevel.INFO);
        }
    }

    private static boolean isTooLow(@Nullable LoggerConfiguration configured) {
        if (configured == null) {
            return false;
        }
        var level = configured.getLevelConfiguration();
        return level.isCustom()
                || level.getLevel() == LogLevel.DEBUG
                || level.getLevel() == LogLevel.TRACE;
    }

    private static boolean isTalkative(String logger) {
        return NAMES.stream()
                .anyMatch(name -> logger.equals(name) || logger.startsWith(name + "."));
    }
}
