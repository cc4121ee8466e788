package postern.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BareHttpTest {

    private static final Login LOGIN = new Login("u1", "pw");
    private static final String LARGE = "{\"n\":1}" + " ".repeat(400_000);

    private HttpServer server;
    private BareHttp http;

    @BeforeEach
    void connect() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/sized", exchange -> answer(exchange, 200, LARGE, LARGE.length()));
        server.createContext("/chunked", exchange -> answer(exchange, 200, LARGE, 0));
        server.createContext("/refused", exchange -> answer(exchange, 404, "gone", 4));
        server.start();
        http = new BareHttp(new InetSocketAddress("127.0.0.1", server.getAddress().getPort()));
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        server.stop(0);
    }

    @Test
    void dropsSizedAndChunkedBodiesOnOneConnection() throws IOException {
        assertThat(http.get(LOGIN, "/sized")).isEqualTo(LARGE.length());
        assertThat(http.get(LOGIN, "/chunked")).isEqualTo(LARGE.length());
        assertThat(http.get(LOGIN, "/sized")).isEqualTo(LARGE.length());
    }

    @Test
    void readsJson() throws IOException {
        assertThat(http.json(LOGIN, "/chunked").get("n").intValue()).isEqualTo(1);
        assertThat(http.json(LOGIN, "/sized").get("n").intValue()).isEqualTo(1);
    }

    @Test
    void leavesTheRestOfABodyForLater() throws IOException {
        var rest = http.getSome(LOGIN, "/sized", 1_000);
        rest.finish();

        assertThat(http.get(LOGIN, "/sized")).isEqualTo(LARGE.length());
    }

    @Test
    void refusesToMeasureWhatWasRefused() throws IOException {
        assertThatThrownBy(() -> http.get(LOGIN, "/refused"))
                .isInstanceOf(IOException.class)
                .hasMessage("/refused answered 404: gone");
        assertThat(http.status(LOGIN, "/refused")).isEqualTo(404);
    }

    private static void answer(HttpExchange exchange, int status, String body, long length)
            throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, length);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
        }
    }
}
