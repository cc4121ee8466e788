package postern.web;

import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Gives Jetty an output buffer that holds a usual page of JSON, which is then sent with a
 * Content-Length and in one write; every further write wakes the client again. The input buffer is
 * larger than the usual one as well: each is a step of its own in an upload. A connection has it
 * only while octets come. Also sets the idle timeout during shutdown to the normal one: by default
 * Jetty cuts a download whose reader pauses for a second.
 */
@Component
final class JettyBuffers implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    private static final int REQUEST = 32 * 1024;
    private static final int RESPONSE = 64 * 1024;

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            for (var connector : server.getConnectors()) {
                for (var protocol : connector.getConnectionFactories()) {
                    if (protocol instanceof HttpConfiguration.ConnectionFactory http) {
                        http.getHttpConfiguration().setOutputBufferSize(RESPONSE);
                        setInputBuffer(protocol);
                    }
                }
                if (connector instanceof AbstractConnector idling) {
                    idling.setShutdownIdleTimeout(idling.getIdleTimeout());
                }
            }
        });
    }

    /**
     * The same for all protocols: what HTTP/1.1 has read when a client turns out to speak HTTP/2
     * must fit into the buffer of HTTP/2.
     */
    private static void setInputBuffer(ConnectionFactory protocol) {
        if (protocol instanceof AbstractConnectionFactory buffered) {
            buffered.setInputBufferSize(REQUEST);
        }
    }
}
