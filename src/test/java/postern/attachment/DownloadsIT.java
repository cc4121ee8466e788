package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.testserver.RealServer;
import postern.web.id.MessageId;

/** Large files from a server with BINARY; every client counts as slow after 8 MB. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.download.warm-up=8MB", "postern.download.slowest=1TB"})
@Timeout(300)
class DownloadsIT {

    private static final RealServer SERVER = RealServer.DOVECOT_2_3;
    private static final int LARGE = 60 << 20;
    private static final int MEDIUM = 2 << 20;

    @LocalServerPort private int port;
    @Autowired private ImapConnections connections;
    @Autowired private MeterRegistry meters;
    private DownloadApi api;

    @DynamicPropertySource
    static void theRealServer(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
    }

    @BeforeEach
    void anEmptyAccount() {
        var server = new ImapServer(SERVER.host(), SERVER.port(), Security.NONE);
        api =
                new DownloadApi(
                        port,
                        connections,
                        new Account(server, SERVER.newUser(), new Password(SERVER.password())));
    }

    @AfterEach
    void theClientLeaves() {
        api.close();
        DownloadApi.awaitRest(meters);
    }

    @Test
    void aMessageThatIsAttachedIsAMessageLikeAnyOther() throws Exception {
        var inner =
                """
                Subject: inner
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=i

                --i
                Content-Type: text/plain

                text
                --i
                Content-Type: application/pdf; name=a.pdf
                Content-Transfer-Encoding: base64

                JVBERi0xLjQK
                --i--
                """;
        var outer =
                "Subject: outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n"
                        + "--o\nContent-Type: text/plain\n\ntext\n"
                        + "--o\nContent-Type: message/rfc822\n\n"
                        + inner
                        + "\n--o--\n";
        var id = MessageId.parse(api.append(octets(outer))).attached("2");

        var raw = api.get("/v1/messages/" + id + "/raw");
        var file = api.get("/v1/messages/" + id + "/parts/2");

        assertThat(raw.body()).isEqualTo(octets(inner));
        assertThat(raw.headers().firstValue("Content-Type")).hasValue("message/rfc822");
        assertThat(file.body()).isEqualTo("%PDF-1.4\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(file.headers().firstValue("Content-Type")).hasValue("application/pdf");
        assertThat(api.get("/v1/messages/" + id + "/parts/3").statusCode()).isEqualTo(404);
    }

    private static byte[] octets(String message) {
        return message.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void sixtyMebibytesArriveAsTheyWereSentAlsoInWindows() throws Exception {
        var file = SampleFilePart.of("base64", LARGE);
        var message = file.message();
        var id = api.append(message);

        var part = api.get(part2(id));
        assertThat(part.headers().firstValue("Content-Length")).hasValue("" + LARGE);
        assertThat(sha256(part.body())).isEqualTo(sha256(file.octets()));

        var raw = api.get("/v1/messages/%s/raw".formatted(id));
        assertThat(raw.headers().firstValue("Content-Length")).hasValue("" + message.length);
        assertThat(sha256(raw.body())).isEqualTo(sha256(message));

        assertSlice(part2(id), file.octets(), LARGE / 2 + 1, LARGE / 2 + 5_000_002);
        assertSlice(part2(id), file.octets(), LARGE - 1, LARGE);
        assertThat(api.get(part2(id), "Range", "bytes=%d-".formatted(LARGE)).statusCode())
                .isEqualTo(416);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base64", "irregular base64", "quoted-printable", "8bit"})
    void aPieceIsAPieceInEveryEncoding(String encoding) throws Exception {
        var file = SampleFilePart.of(encoding, MEDIUM);
        var path = part2(api.append(file.message()));

        assertThat(api.get(path).body()).isEqualTo(file.octets());
        assertSlice(path, file.octets(), 1_000_001, 1_900_000);
        assertThat(api.head(path).headers().firstValue("Content-Length"))
                .hasValue("" + file.octets().length);
    }

    // The server cannot decode uuencode, so the gateway does.
    @ParameterizedTest
    @CsvSource({"x-uuencode"})
    void whatTheServerCannotDecodeComesDecodedAllTheSame(String encoding) throws Exception {
        var file = SampleFilePart.of(encoding, MEDIUM);

        assertThat(api.get(part2(api.append(file.message()))).body()).isEqualTo(file.octets());
    }

    @Test
    void aReaderThatStopsHoldsNoConnection() throws Exception {
        var file = SampleFilePart.of("base64", LARGE);
        var path = part2(api.append(file.message()));

        var answer = api.http().send(api.request("GET", path), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            var begin = body.readNBytes(10 << 20);
            DownloadApi.awaitDownloadWithoutConnection(meters);
            var rest = body.readAllBytes();

            assertThat(begin).isEqualTo(Arrays.copyOf(file.octets(), begin.length));
            assertThat(rest).isEqualTo(Arrays.copyOfRange(file.octets(), begin.length, LARGE));
        }
    }

    @Test
    void aServerThatDiesCutsTheFileAndServesTheNextRequestWhenItIsBack() throws Exception {
        var file = SampleFilePart.of("base64", LARGE);
        var path = part2(api.append(file.message()));

        var answer = api.http().send(api.request("GET", path), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            body.readNBytes(1 << 20);
            SERVER.kill();
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        } finally {
            SERVER.restart();
        }
        DownloadApi.awaitRest(meters);

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(Thread.getAllStackTraces().keySet())
                                .extracting(Thread::getName)
                                .doesNotContain("download"));
        assertThat(sha256(api.get(path).body())).isEqualTo(sha256(file.octets()));
    }

    private void assertSlice(String path, byte[] file, int from, int to) throws Exception {
        var answer = api.get(path, "Range", "bytes=%d-%d".formatted(from, to - 1));

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.headers().firstValue("Content-Range"))
                .hasValue("bytes %d-%d/%d".formatted(from, to - 1, file.length));
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(file, from, to));
    }

    private static String part2(String messageId) {
        return "/v1/messages/%s/parts/2".formatted(messageId);
    }

    private static byte[] sha256(byte[] octets) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(octets);
    }
}
