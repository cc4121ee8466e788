package postern.submission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.egress.Dialer;
import postern.testserver.FakeDns;
import postern.testserver.SelfSignedCertificate;
import postern.web.OnGreenMail;

/**
 * Leaves lists of a web server that others have written, whose certificate the operator trusts. The
 * names lead to a public address, and the connection to it ends at the server of the test.
 */
@OnGreenMail
@Import(OneClickServerTest.Dialling.class)
class OneClickServerTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final FakeDns DNS = FakeDns.start();
    private static final SelfSignedCertificate CERTIFICATE =
            SelfSignedCertificate.of(List.of("dns:lists.example"));
    private static final Queue<String> CLICKS = new ConcurrentLinkedQueue<>();
    private static final HttpsServer WEB = start();

    @Autowired private MockMvcTester http;
    private SendingApi api;

    @TestConfiguration
    static class Dialling {

        @Bean
        @Primary
        Dialer toTheTestServer() {
            return (_, _, _) -> new Socket(LOOPBACK, WEB.getAddress().getPort());
        }
    }

    private static HttpsServer start() {
        try {
            var server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATE.context()));
            server.createContext("/left", exchange -> answer(exchange, 202));
            server.createContext("/moved", exchange -> answer(exchange, 302));
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        try (exchange) {
            CLICKS.add(
                    "%s %s %s %s"
                            .formatted(
                                    exchange.getRequestMethod(),
                                    exchange.getRequestURI(),
                                    exchange.getRequestHeaders().getFirst("Content-Type"),
                                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.getResponseHeaders().set("Location", "https://lists.example/left");
            exchange.sendResponseHeaders(status, 0); // chunked
            exchange.getResponseBody().write("<html>Bye".getBytes(UTF_8));
        }
    }

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        CERTIFICATE.bundle("lists").forEach((name, value) -> properties.add(name, () -> value));
        properties.add("postern.unsubscribe.ssl-bundle", () -> "lists");
        properties.add("postern.unsubscribe.dns", DNS::address);
    }

    @BeforeEach
    void anAccount() {
        DNS.host("lists.example", "93.184.216.34");
        DNS.host("stranger.example", "93.184.216.34");
        DNS.host("inner.example", "10.0.0.1");
        CLICKS.clear();
        api = new SendingApi(http);
    }

    @AfterAll
    static void stop() {
        WEB.stop(0);
    }

    private MvcTestResult unsubscribe(String url) {
        var message =
                "From: news@lists.example\nTo: %s\nSubject: News\nList-Unsubscribe: <%s>\n"
                                .formatted(api.from(), url)
                        + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
                        + "DKIM-Signature: v=1; h=from:list-unsubscribe:list-unsubscribe-post; b=x\n"
                        + "\nHello\n";
        var id =
                api.ok(api.post("/v1/mailboxes/inbox/messages", "message/rfc822", message))
                        .get("id")
                        .asString();
        return api.post("/v1/messages/%s/unsubscribe".formatted(id), "application/json", "{}");
    }

    @Test
    void theServerGetsTheFormOfTheStandardOnce() {
        var told = api.ok(unsubscribe("https://lists.example/left?user=a%40b&x=%2F"));

        assertThat(told.get("httpStatus").asInt()).isEqualTo(202);
        assertThat(CLICKS)
                .containsExactly(
                        "POST /left?user=a%40b&x=%2F application/x-www-form-urlencoded"
                                + " List-Unsubscribe=One-Click");
    }

    @Test
    void aRedirectIsNotFollowed() {
        api.problem(unsubscribe("https://lists.example/moved"), 502, "unsubscribe-failed");

        assertThat(CLICKS).hasSize(1);
    }

    /** Its certificate is for another host. */
    @Test
    void aHostThatIsNotThatOfTheCertificateGetsNothing() {
        api.problem(unsubscribe("https://stranger.example/left"), 502, "unsubscribe-failed");

        assertThat(CLICKS).isEmpty();
    }

    @Test
    void aHostThatIsNotPublicGetsNothing() {
        api.problem(unsubscribe("https://inner.example/left"), 502, "unsubscribe-failed");

        assertThat(CLICKS).isEmpty();
    }
}
