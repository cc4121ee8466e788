package postern.web.connector;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Offers HTTP/2 to clients of TLS unless {@code server.http2.enabled} says otherwise. Without TLS
 * it stays off until that property is set.
 */
@Component
final class Http2OverTls
        implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

    private static final String PROPERTY = "server.http2.enabled";

    private final ServerProperties properties;
    private final Environment environment;

    Http2OverTls(ServerProperties properties, Environment environment) {
        this.properties = properties;
        this.environment = environment;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        if (Ssl.isEnabled(properties.getSsl()) && !environment.containsProperty(PROPERTY)) {
            var http2 = new Http2();
            http2.setEnabled(true);
            factory.setHttp2(http2);
        }
    }

    /** After Spring Boot, which sets what the properties say. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
