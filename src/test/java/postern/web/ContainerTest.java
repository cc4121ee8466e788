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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
@Timeout(120)
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
        "/v1/mailboxes/%7f, 400",
        "/v1/mailboxes/a%2Fb, 400",
        "/v1/messages/a%5Cb, 400",
        "/v1/messages/a\\b, 400",
        "/v1/messages/a%25b, 400",
        "/v1/messages/a;b=c, 400",
        "/v1/mailboxes/..%2f..%2fetc, 400",
        "/v1/mailboxes/%2e%2e/x, 400",
        "/v1/mailboxes/%ff, 400",
        "/actuator/%2fhealth, 400",
        "/nowhere, 404",
        "*, 400"
    })
    void aRefusedPathIsAProblemWhateverTheMethod(String target, int status) throws IOException {
        for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
            var answer =
                    raw(
                            "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                    .formatted(method, target));

            assertProblem(answer, status, status == 404 ? "not-found" : "invalid-request");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/mailboxes/inbox/messages",
                "/v1/mailboxes/inbox/threads",
                "/v1/messages/x",
                "/v1/links/x",
                "/v1/nothing",
                "/actuator/health",
                "/actuator/prometheus",
                "/readyz",
                "/v3/api-docs",
                "/swagger-ui/index.html",
                "/nowhere"
            })
    void aQueryThatIsNotUtf8IsRefusedEverywhere(String path) throws IOException {
        for (var query :
                List.of("text=%ff", "text=%zz", "text=%", "text=%c3", "%ff=1", "text=\u00ff")) {
            for (var method : List.of("GET", "DELETE")) {
                var answer =
                        raw(
                                "%s %s?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                        .formatted(method, path, query));

                assertProblem(answer, 400, "invalid-request");
                assertThat(answer).contains("\"parameter\":\"" + query.split("=", 2)[0]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'/v1/mailboxes/inbox/messages?fields=id,', fields",
        "'/v1/mailboxes/inbox/messages?fields=id,,size', fields",
        "'/v1/mailboxes/inbox/messages?fields=,', fields",
        "/v1/mailboxes/inbox/messages?fields=&fields=, fields",
        "/v1/mailboxes/inbox/messages?fields=id&fields=, fields",
        "'/v1/messages/FBI00J2OyQb59wJUOxfL?include=text,', include"
    })
    void aListHasNoEmptyItem(String target, String parameter) throws IOException {
        var answer =
                raw("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(target));

        assertProblem(answer, 400, "invalid-request");
        assertThat(answer).contains("\"parameter\":\"" + parameter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE"})
    void headersBeyondMeasureAreRefused(String method) throws IOException {
        var answer =
                raw(
                        "%s /v1/mailboxes HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n"
                                .formatted(method, "x".repeat(100_000)));

        assertProblem(answer, 431, "headers-too-big");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE"})
    void aLongUrlIsRefused(String method) throws IOException {
        var answer =
                raw(
                        "%s /v1/mailboxes/inbox/messages?text=%s HTTP/1.1\r\nHost: x\r\n\r\n"
                                .formatted(method, "x".repeat(17_000)));

        assertProblem(answer, 414, "uri-too-long");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT /v1/mailboxes HTTP/1.1\r\nHost: a b\r\n\r\n",
                "PUT /v1/mailboxes HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "PUT /v1/mailboxes HTTP/1.1\r\n\r\n",
                "PUT /v1/mailboxes HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET /v1/mailboxes HTTP/3.1\r\nHost: x\r\n\r\n",
                "PUT http://[bad/ HTTP/1.1\r\nHost: x\r\n\r\n",
                "PUT /v1/mailboxes HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
                "PUT /v1/mailboxes HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
                "PUT /v1/mailboxes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: foo\r\n\r\n",
                "PUT /v1/mailboxes HTTP/1.1\r\nHost: x\r\nExpect: moon\r\nConnection: close\r\n\r\n"
            })
    void aRequestThatIsNoneIsAProblemToo(String request) throws IOException {
        assertProblem(raw(request), 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Encoding: gzip, 415, unsupported-media-type",
        "'Content-Encoding: identity, br', 415, unsupported-media-type",
        "'Transfer-Encoding: gzip, chunked', 400, invalid-request",
        "Content-Range: bytes 0-3/1000, 400, invalid-request",
        "Content-Range: nonsense, 400, invalid-request"
    })
    void aBodyThatWouldBeMisreadIsRefused(String header, int status, String code)
            throws IOException {
        for (var target :
                List.of(
                        "POST /v1/mailboxes/drafts/messages",
                        "PUT /v1/messages/FBI00J2OyQb59wJUOxfL/content",
                        "POST /v1/mailboxes/inbox/import",
                        "POST /v1/sessions")) {
            var length = header.startsWith("Transfer") ? "" : "Content-Length: 2\r\n";
            var answer =
                    raw(
                            "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%s\r\n\r\n{}"
                                    .formatted(target, length, header));

            assertProblem(answer, status, code);
            assertThat(answer.contains("Accept-Encoding: identity")).isEqualTo(status == 415);
        }
    }

    private static void assertProblem(String answer, int status, String code) {
        assertThat(answer)
                .startsWith("HTTP/1.1 %d ".formatted(status))
                .contains("application/problem+json", "\"code\":\"%s\"".formatted(code))
                .containsPattern("(?s)X-Request-Id: ([0-9a-f]{32})\r\n.*\"requestId\":\"\\1\"")
                .doesNotContain("Jetty", "Exception", "org.");
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }
}
