package postern.web.connector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.testserver.InMemoryServer;
import postern.testserver.SelfSignedCertificate;
import postern.web.OnGreenMail;

/** TLS by an SSL bundle of PEM files, for clients that show a certificate of their own. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.ssl.bundle=web",
            "server.ssl.client-auth=need",
            "spring.ssl.bundle.pem.web.reload-on-update=true",
            "spring.ssl.bundle.watch.file.quiet-period=200ms"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
@Timeout(180)
class TlsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final SelfSignedCertificate FIRST =
            SelfSignedCertificate.of(List.of("dns:localhost"));
    private static final Path FILES = files();

    @LocalServerPort private int port;
    private final String basic =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (SERVER.newUser() + ":" + SERVER.password())
                                            .getBytes(US_ASCII));

    private static Path files() {
        try {
            var directory = Files.createTempDirectory("tls");
            FIRST.writePem(directory);
            Files.copy(directory.resolve("certificate.pem"), directory.resolve("clients.pem"));
            return directory;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void bundle(DynamicPropertyRegistry registry) {
        var prefix = "spring.ssl.bundle.pem.web.";
        registry.add(
                prefix + "keystore.certificate",
                () -> FILES.resolve("certificate.pem").toUri().toString());
        registry.add(
                prefix + "keystore.private-key", () -> FILES.resolve("key.pem").toUri().toString());
        registry.add(
                prefix + "truststore.certificate",
                () -> FILES.resolve("clients.pem").toUri().toString());
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aClientHasTheVersionThatItAsksFor(HttpClient.Version version) throws Exception {
        var answer = send(FIRST.context(), version, request("/v1/account"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(version);
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void aClientThatAwaitsContinueSendsItsBody(HttpClient.Version version) throws Exception {
        var upload =
                request("/v1/mailboxes/inbox/messages")
                        .expectContinue(true)
                        .header("Content-Type", "message/rfc822")
                        .POST(BodyPublishers.ofString("Subject: tea\r\n\r\ncome\r\n"));

        assertThat(send(FIRST.context(), version, upload).statusCode()).isEqualTo(201);
    }

    /** The answer comes while the client is still sending. */
    @Test
    void aRefusedUploadIsAnswered() throws Exception {
        var upload =
                request("/v1/mailboxes/EEEEEE/messages")
                        .header("Content-Type", "message/rfc822")
                        .POST(BodyPublishers.ofByteArray(new byte[20_000_000]));

        var answer = send(FIRST.context(), HttpClient.Version.HTTP_2, upload);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("\"mailbox-not-found\"");
    }

    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);

        assertThatThrownBy(() -> send(context, HttpClient.Version.HTTP_1_1, request("/v1/account")))
                .isInstanceOf(IOException.class);
    }

    /** As a probe does; the certificate has no such name. */
    @Test
    void aRequestByAnAddressIsAnswered() throws Exception {
        var sockets = FIRST.context().getSocketFactory();
        try (var socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(
                            "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                                    .getBytes(US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aCertificateWithAnotherKeyIsNotTaken(CapturedOutput log) throws Exception {
        var key = Files.readString(FILES.resolve("key.pem"));
        SelfSignedCertificate.of(List.of("dns:localhost")).writePem(FILES);
        Files.writeString(FILES.resolve("key.pem"), key);

        await().atMost(Duration.ofSeconds(40))
                .until(() -> log.getAll().contains("cannot be used, and the old one stays"));

        assertThat(send(FIRST.context(), HttpClient.Version.HTTP_2, request("/livez")).statusCode())
                .isEqualTo(200);
        FIRST.writePem(FILES);
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        assertThat(send(FIRST.context(), HttpClient.Version.HTTP_2, request("/livez")).statusCode())
                .isEqualTo(200);
        var next = SelfSignedCertificate.of(List.of("dns:localhost"));

        next.writePem(FILES);
        Files.writeString(
                FILES.resolve("clients.pem"), Files.readString(FILES.resolve("certificate.pem")));

        await().atMost(Duration.ofSeconds(40))
                .ignoreExceptions()
                .until(() ->
                        send(next.context(), HttpClient.Version.HTTP_2, request("/livez"))
                                        .statusCode()
                                == 200);
        FIRST.writePem(FILES);
        Files.writeString(
                FILES.resolve("clients.pem"), Files.readString(FILES.resolve("certificate.pem")));
        await().atMost(Duration.ofSeconds(40))
                .ignoreExceptions()
                .until(() ->
                        send(FIRST.context(), HttpClient.Version.HTTP_2, request("/livez"))
                                        .statusCode()
                                == 200);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .header("Authorization", basic);
    }

    private static HttpResponse<String> send(
            SSLContext context, HttpClient.Version version, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        try (var http = HttpClient.newBuilder().sslContext(context).version(version).build()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }
}
