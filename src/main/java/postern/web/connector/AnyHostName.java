package postern.web.connector;

import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Answers requests over TLS by any host name. Jetty would answer 400 where the certificate does not
 * have it, as to a probe that asks by an address. Nothing here depends on the name, and whether the
 * certificate is the right one is for the client to judge.
 */
@Component
final class AnyHostName implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            for (var connector : server.getConnectors()) {
                for (var protocol : connector.getConnectionFactories()) {
                    if (protocol instanceof HttpConfiguration.ConnectionFactory http) {
                        http.getHttpConfiguration().getCustomizers().stream()
                                .filter(SecureRequestCustomizer.class::isInstance)
                                .map(SecureRequestCustomizer.class::cast)
                                .forEach(it -> it.setSniHostCheck(false));
                    }
                }
            }
        });
    }
}
