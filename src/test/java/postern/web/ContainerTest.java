package postern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.imap.ImapException;

/** Behaviour of a real servlet container. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(ContainerTest.Streams.class)
@Timeout(30)
class ContainerTest {

    @LocalServerPort private int port;

    @RestController
    @RequestMapping("/v1/streams")
    static class Streams {

        @GetMapping("/cut")
        void cut(HttpServletResponse response) throws IOException {
            response.setContentType("image/png");
            response.getOutputStream().write(new byte[100_000]);
            response.flushBuffer();
            throw new ImapException.ConnectionLost("the connection ended", null);
        }

        @GetMapping("/begun")
        void begun(HttpServletResponse response) throws IOException {
            response.setContentType("image/png");
            response.setContentLength(100_000);
            response.getOutputStream().write(new byte[100]);
            throw new ImapException.ConnectionLost("the connection ended", null);
        }
    }

    @Test
    void aFailureAfterTheFirstOctetCutsTheConnection() {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(uri("/v1/streams/cut")).build();

            assertThatThrownBy(() -> client.send(request, BodyHandlers.ofByteArray()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFailureBeforeTheFirstOctetWentOutIsAProblem() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(uri("/v1/streams/begun")).build();

            var answer = client.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("application/problem+json");
            assertThat(answer.body()).startsWith("{").endsWith("}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/streams/begun?a%zz=1, 400",
        "/v1/streams/begun?%=1, 400",
        "/v1/%zz, 400",
        "/v1/mailboxes/%00, 400",
        "/v1/mailboxes/a%2Fb, 400",
        "/v1/mailboxes/..%2f..%2fetc, 400",
        "/v1/mailboxes/%ff, 400",
        "/nowhere, 404"
    })
    void whatTheContainerRefusesIsAProblemToo(String target, int status) throws IOException {
        var answer =
                raw("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(target));

        assertThat(answer).startsWith("HTTP/1.1 %d ".formatted(status));
        assertThat(answer).contains("application/problem+json").contains("\"code\":");
        assertThat(answer).doesNotContain("Jetty", "Exception", "org.");
    }

    @Test
    void headersBeyondMeasureAreRefused() throws IOException {
        var answer =
                raw(
                        "GET /v1/mailboxes HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n"
                                .formatted("x".repeat(100_000)));

        assertThat(answer).startsWith("HTTP/1.1 431 ").contains("\"code\":\"headers-too-big\"");
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }
}
