package postern.web.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.web.OnGreenMail;

/** Behind a proxy that the operator trusts, a client is who the proxy says. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.forward-headers-strategy=native", "postern.rate.per-client=2"})
@ContextConfiguration(initializers = OnGreenMail.Server.class)
class ForwardedClientsTest {

    @LocalServerPort private int port;
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void eachClientOfTheProxyHasItsOwnRequests() throws Exception {
        assertThat(ask("192.0.2.1")).isEqualTo(401);
        assertThat(ask("192.0.2.1")).isEqualTo(401);
        assertThat(ask("192.0.2.1")).isEqualTo(429);

        assertThat(ask("192.0.2.2")).isEqualTo(401);
        assertThat(ask("[2001:db8::1]")).isEqualTo(401);
        assertThat(ask("[2001:db8::2]")).isEqualTo(401);
        assertThat(ask("[2001:db8::3]")).isEqualTo(429);
    }

    private int ask(String client) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/mailboxes"))
                        .header("X-Forwarded-For", client)
                        .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }
}
