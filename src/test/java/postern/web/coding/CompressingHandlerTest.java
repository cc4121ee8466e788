package postern.web.coding;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CompressingHandlerTest {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    /** Everything is answered with ten thousand octets of JSON. */
    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        var json =
                new Handler.Abstract() {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                        response.write(true, ByteBuffer.allocate(10_000), callback);
                        return true;
                    }
                };
        var rules =
                new CompressedAnswers.Rules(
                        Set.of("application/json"), 2_000, List.of(), "/v1/sessions");
        server.setHandler(new CompressingHandler(json, rules));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/sessions",
                "/v1/%73essions/current",
                "/v1/./sessions",
                "/v1/a/../sessions",
                "/v1;a=b/sessions"
            })
    void answersOfSessionsAreSentAsTheyAreHoweverThePathIsWritten(String path) throws Exception {
        assertThat(get(path)).startsWith("HTTP/1.1 200 ").doesNotContain("Content-Encoding");
    }

    @Test
    void othersAreCompressed() throws Exception {
        assertThat(get("/v1/mailboxes")).contains("Content-Encoding: gzip");
    }

    private String get(String path) throws Exception {
        try (var socket = new Socket("localhost", connector.getLocalPort())) {
            socket.getOutputStream()
                    .write(
                            ("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                            + "Accept-Encoding: gzip\r\n\r\n")
                                    .formatted(path)
                                    .getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
