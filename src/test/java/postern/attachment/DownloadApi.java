package postern.attachment;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import postern.account.Account;
import postern.account.Password;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.web.id.MessageId;

/** Downloads an account's files as a browser does. */
final class DownloadApi implements AutoCloseable {

    /** A generous timeout: reached only when a test fails. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final ImapConnections connections;
    private final Account account;

    DownloadApi(int port, ImapConnections connections, Account account) {
        this.port = port;
        this.connections = connections;
        this.account = account;
    }

    /** Appends a message to INBOX and returns its id. */
    String append(byte[] message) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            MailboxName.INBOX,
                            Set.of(),
                            Instant.parse("2026-03-01T00:00:00Z"),
                            new ByteArrayInputStream(message),
                            message.length);
            return MessageId.of(requireNonNull(appended.message())).toString();
        }
    }

    HttpResponse<byte[]> get(String path, String... headers)
            throws IOException, InterruptedException {
        return http.send(request("GET", path, headers), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> head(String path, String... headers)
            throws IOException, InterruptedException {
        return http.send(request("HEAD", path, headers), BodyHandlers.ofByteArray());
    }

    /** The raw request line and headers, for a client that reads the response from the socket. */
    String asSent(String path) {
        return "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: %s\r\n\r\n"
                .formatted(path, authorization());
    }

    HttpRequest request(String method, String path, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .timeout(Duration.ofMinutes(1))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Authorization", authorization());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    HttpClient http() {
        return http;
    }

    /** Waits until no connection to a mail server is borrowed and no download is active. */
    static void awaitRest(MeterRegistry meters) {
        await().atMost(PATIENCE).until(() -> lent(meters) == 0 && active(meters) == 0);
    }

    /** Waits until downloads are active and none of them holds a connection. */
    static void awaitDownloadWithoutConnection(MeterRegistry meters) {
        await().atMost(PATIENCE).until(() -> lent(meters) == 0 && active(meters) == 1);
    }

    static double active(MeterRegistry meters) {
        return meters.get("postern.downloads.active").gauge().value();
    }

    private static double lent(MeterRegistry meters) {
        return meters.get("postern.imap.connections").tag("state", "lent").gauge().value();
    }

    String authorization() {
        if (!(account.credential() instanceof Password password)) {
            throw new IllegalStateException("only a password can be sent this way");
        }
        var pair = account.user() + ":" + password.value();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        http.close();
    }
}
