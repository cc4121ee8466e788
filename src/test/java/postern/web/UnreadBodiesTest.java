package postern.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.testserver.InMemoryServer;

/** Responses to requests whose body was not read: every client sees them. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "server.servlet.context-path=/mail")
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(60)
class UnreadBodiesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    /** More than the buffers of both sockets hold. */
    private static final byte[] LARGE = new byte[20_000_000];

    private static final int CALLS = 100;

    @LocalServerPort private int port;
    private final String basic =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (SERVER.newUser() + ":" + SERVER.password())
                                            .getBytes(US_ASCII));

    /** A client that reads nothing before it has sent everything. */
    @ParameterizedTest
    @CsvSource({
        "POST, /mail/v1/mailboxes/EEEEEE/messages, message/rfc822, 404",
        "POST, /mail/v1/mailboxes/drafts/messages?receivedAt=x, message/rfc822, 400",
        "POST, /mail/v1/mailboxes/drafts/messages, text/plain, 415",
        "POST, /mail/v1/search, application/json, 413",
        "POST, /mail/v1/nothing, message/rfc822, 404",
        "PUT, /mail/v1/mailboxes, application/json, 405",
        "GET, /mail/v1/mailboxes, application/json, 200",
        "POST, /mail/actuator/health, application/json, 405",
        "PUT, /mail/v1/mailboxes/a%2Fb, application/json, 400",
        "POST, /elsewhere, application/json, 404"
    })
    void aClientThatSendsEverythingFirstSeesTheAnswer(
            String method, String path, String type, int status) throws IOException {
        try (var connection = new Connection(port)) {
            connection.send(
                    """
                    %s %s HTTP/1.1
                    Host: x
                    Authorization: %s
                    Content-Type: %s
                    Content-Length: %d

                    """
                            .formatted(method, path, basic, type, LARGE.length));
            connection.send(LARGE);

            var head = connection.head();

            assertThat(head).startsWith("HTTP/1.1 %d ".formatted(status));
            assertThat(head).contains("Connection: close");
            connection.readToTheEnd();
        }
    }

    /** The web server refuses these before it comes to the body. */
    @ParameterizedTest
    @CsvSource({
        "/mail/v1/messages/%zz, x, 0, 400",
        "/mail/v1/mailboxes, a b, 0, 400",
        "/mail/v1/mailboxes?text=, x, 0, 414",
        "/mail/v1/mailboxes, x, 20000, 431"
    })
    void aClientWhoseHeadIsRefusedSeesTheAnswer(String path, String host, int header, int status)
            throws IOException {
        var query = path.endsWith("=") ? "a".repeat(20_000) : "";
        try (var connection = new Connection(port)) {
            connection.send(
                    """
                    POST %s HTTP/1.1
                    Host: %s
                    X: %s
                    Content-Length: %d

                    """
                            .formatted(path + query, host, "a".repeat(header), LARGE.length));
            connection.send(LARGE);

            assertThat(connection.head())
                    .startsWith("HTTP/1.1 %d ".formatted(status))
                    .contains("Connection: close");
            connection.readToTheEnd();
        }
    }

    @RepeatedTest(3)
    void aJavaClientSeesTheAnswer() throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://localhost:%d/mail/v1/mailboxes/EEEEEE/messages"
                                                .formatted(port)))
                        .header("Authorization", basic)
                        .header("Content-Type", "message/rfc822")
                        .POST(BodyPublishers.ofByteArray(LARGE))
                        .build();

        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("Connection")).hasValue("close");
        }
    }

    @Test
    void manyAtOnceSeeTheAnswer() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls =
                    IntStream.range(0, 8)
                            .mapToObj(_ ->
                                    threads.submit(() -> {
                                        aClientThatSendsEverythingFirstSeesTheAnswer(
                                                "POST",
                                                "/mail/v1/mailboxes/EEEEEE/messages",
                                                "message/rfc822",
                                                404);
                                        return true;
                                    }))
                            .toList();
            for (var call : calls) {
                assertThat(call.get()).isTrue();
            }
        }
    }

    @Test
    void anAnswerBeforeTheBodySaysThatTheConnectionEndsAndEndsIt() throws IOException {
        try (var connection = new Connection(port)) {
            connection.send(
                    """
                    POST /mail/v1/search HTTP/1.1
                    Host: x
                    Authorization: %s
                    Content-Type: text/plain
                    Content-Length: 1000

                    %s\
                    """
                            .formatted(basic, "x".repeat(500)));

            assertThat(connection.head()).startsWith("HTTP/1.1 415 ").contains("Connection: close");
            connection.readToTheEnd();
        }
    }

    @Test
    void aChunkedBodyIsTakenToItsEndToo() throws IOException {
        try (var connection = new Connection(port)) {
            connection.send(
                    """
                    POST /mail/v1/mailboxes/EEEEEE/messages HTTP/1.1
                    Host: x
                    Authorization: %s
                    Content-Type: message/rfc822
                    Transfer-Encoding: chunked

                    """
                            .formatted(basic));
            connection.send(Integer.toHexString(LARGE.length) + "\n");
            connection.send(LARGE);
            connection.send("\n");
            connection.send("0\n\n");

            assertThat(connection.head()).startsWith("HTTP/1.1 404 ").contains("Connection: close");
        }
    }

    /** The octets of the body are on their way when the response is decided. */
    @ParameterizedTest
    @CsvSource({
        "/mail/v1/mailboxes/drafts/messages?receivedAt=x, 400",
        "/mail/v1/nothing, 404",
        "/mail/v1/mailboxes/EEEEEE/messages, 404"
    })
    void aSmallBodyIsAwaitedAndTheConnectionGoesOn(String path, int status) throws IOException {
        try (var connection = new Connection(port)) {
            for (int i = 0; i < CALLS; i++) {
                connection.send(
                        """
                        POST %s HTTP/1.1
                        Host: x
                        Authorization: %s
                        Content-Type: message/rfc822
                        Content-Length: 3000

                        """
                                .formatted(path, basic));
                connection.send("x".repeat(3000));

                assertThat(connection.head())
                        .startsWith("HTTP/1.1 %d ".formatted(status))
                        .doesNotContain("Connection: close");
                connection.body();
            }
        }
    }

    /** A body that is only sent after 100 Continue is not waited for. */
    @Test
    void aClientThatAwaitsContinueIsAnsweredAtOnce() throws IOException {
        try (var connection = new Connection(port)) {
            connection.send(
                    """
                    POST /mail/v1/mailboxes/EEEEEE/messages HTTP/1.1
                    Host: x
                    Authorization: %s
                    Content-Type: message/rfc822
                    Content-Length: 3000
                    Expect: 100-continue

                    """
                            .formatted(basic));

            assertThat(connection.head()).startsWith("HTTP/1.1 404 ").contains("Connection: close");
            connection.readToTheEnd();
        }
    }

    /** A client that writes and reads octets; lines end with LF in its source. */
    private static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final InputStream in;
        private int length;

        private Connection(int port) throws IOException {
            socket = new Socket("localhost", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            in = new BufferedInputStream(socket.getInputStream());
        }

        private void send(String text) throws IOException {
            send(text.replace("\n", "\r\n").getBytes(US_ASCII));
        }

        private void send(byte[] octets) throws IOException {
            socket.getOutputStream().write(octets);
        }

        /** Reads the status line and the header. */
        private String head() throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                assertThat(octet).as("after " + head).isNotNegative();
                head.append((char) octet);
            }
            int at = head.indexOf("Content-Length: ");
            length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
            return head.toString();
        }

        private void body() throws IOException {
            assertThat(in.readNBytes(length)).hasSize(length);
        }

        /** Ends with an EOF, and not with a reset. */
        private void readToTheEnd() throws IOException {
            assertThat(in.readAllBytes()).hasSize(length);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
