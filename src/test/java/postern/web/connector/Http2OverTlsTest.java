package postern.web.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.mock.env.MockEnvironment;

class Http2OverTlsTest {

    /** Spring Boot itself has set what the property says before. */
    @ParameterizedTest
    @CsvSource({"true, , true", "true, false, false", "false, , false"})
    void isOnForTlsUnlessItIsSwitchedOff(boolean tls, String property, boolean on) {
        var properties = new ServerProperties();
        if (tls) {
            properties.setSsl(Ssl.forBundle("web"));
        }
        var environment = new MockEnvironment();
        if (property != null) {
            environment.setProperty("server.http2.enabled", property);
        }
        var factory = new JettyServletWebServerFactory();

        new Http2OverTls(properties, environment).customize(factory);

        assertThat(factory.getHttp2() != null && factory.getHttp2().isEnabled()).isEqualTo(on);
    }
}
