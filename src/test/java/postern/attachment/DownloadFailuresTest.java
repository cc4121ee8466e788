package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
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
import postern.imap.MailboxName;
import postern.testserver.ScriptedImapServer;
import postern.testserver.ScriptedReply;
import postern.testserver.SomeAccount;
import postern.web.id.MessageId;

/** Downloads during which the client or the mail server disconnects. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.download.longest-write=1h")
@Timeout(60)
class DownloadFailuresTest {

    private static final int SIZE = 4_000_000;
    private static final int SENT = 1_000_000;
    private static final String PATH =
            "/v1/messages/%s/parts/1"
                    .formatted(MessageId.of(SomeAccount.message(MailboxName.INBOX, 1, 7)));

    private static final ScriptedImapServer SERVER = ScriptedImapServer.start();
    private static int users;

    @LocalServerPort private int port;
    @Autowired private ImapConnections connections;
    @Autowired private MeterRegistry meters;
    private DownloadApi api;

    @DynamicPropertySource
    static void theScriptedServer(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
    }

    @BeforeEach
    void anAccountThatNobodyKnows() {
        var server = new ImapServer(SERVER.host(), SERVER.port(), Security.NONE);
        api =
                new DownloadApi(
                        port, connections, new Account(server, "u" + ++users, new Password("pw")));
    }

    @AfterEach
    void theScriptIsDone() {
        api.close();
        SERVER.verify();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8bit", "irregular base64"})
    void aFileThatTheMailServerCutsNeverLooksWhole(String encoding) throws Exception {
        var file = SampleFilePart.of(encoding, SIZE);
        expectStructure(file);
        if (file.encoding().equals("base64")) {
            expectLookAtTheLines(file);
        }
        expectLiteral(file).octets(first(file, SENT)).drop();

        assertThatThrownBy(() -> api.get(PATH)).isInstanceOf(IOException.class);

        DownloadApi.awaitRest(meters);
        int before = SERVER.connections();
        expectLiteral(file).octets(encoded(file)).reply(")", "OK done");

        var whole = api.get(PATH);

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(file.octets());
        assertThat(whole.headers().firstValue("Content-Length").isPresent())
                .isEqualTo(file.encoding().equals("8bit"));
        assertThat(SERVER.connections()).isEqualTo(before + 1);
        DownloadApi.awaitRest(meters);
    }

    @Test
    void aFailureBeforeTheFirstOctetIsAProblemAndNoFile() throws Exception {
        var file = SampleFilePart.of("8bit", SIZE);
        expectStructure(file);
        expectLiteral(file).octets(first(file, 20_000)).drop();

        var answer = api.get(PATH);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(answer.headers().map())
                .doesNotContainKeys("etag", "content-disposition", "accept-ranges");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        DownloadApi.awaitRest(meters);
    }

    // The layout looks regular from both ends and the length, but a line in the middle is only
    // padding.
    @Test
    void aLayoutThatTurnsOutWrongCutsTheFileOnce() throws Exception {
        var regular = SampleFilePart.of("base64", SIZE);
        var junk = regular.encoded().substring(0, 78 * 1000) + "=".repeat(76);
        var file =
                new SampleFilePart(
                        regular.octets(),
                        "base64",
                        junk + "\r\n" + regular.encoded().substring(78 * 1000));
        expectStructure(file);
        expectLookAtTheLines(file);
        expectLiteral(file).octets(encoded(file)).reply(")", "OK done");

        assertThatThrownBy(() -> api.get(PATH)).isInstanceOf(IOException.class);

        expectLiteral(file).octets(encoded(file)).reply(")", "OK done");
        assertThat(api.get(PATH).body()).isEqualTo(file.octets());
        DownloadApi.awaitRest(meters);
    }

    @Test
    void aClientThatLeavesFreesTheConnection() throws Exception {
        var file = SampleFilePart.of("8bit", SIZE);
        var left = new CountDownLatch(1);
        expectStructure(file);
        expectLiteral(file)
                .octets(first(file, SENT))
                .await(left)
                .octets(Arrays.copyOfRange(encoded(file), SENT, encoded(file).length))
                .reply(")", "OK done");

        try (var client = new Socket("localhost", port)) {
            client.getOutputStream().write(api.asSent(PATH).getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(100_000)).hasSize(100_000);
            assertThat(DownloadApi.active(meters)).isEqualTo(1);
        }
        left.countDown();

        DownloadApi.awaitRest(meters);
    }

    private static void expectStructure(SampleFilePart file) {
        SERVER.expectMatching("UID FETCH 7 \\(.*BODYSTRUCTURE.*\\)")
                .reply(
                        """
                        * 1 FETCH (UID 7 RFC822.SIZE %d BODYSTRUCTURE ("application" "octet-stream" \
                        ("name" "a.zip") NIL NIL "%s" %d))\
                        """
                                .formatted(
                                        encoded(file).length + 500,
                                        file.encoding(),
                                        encoded(file).length),
                        "OK done");
    }

    private static void expectLookAtTheLines(SampleFilePart file) {
        var body = encoded(file);
        int tail = body.length - Base64Layout.SAMPLE;
        SERVER.expectMatching(
                        "UID FETCH 7 \\(.*BODY.PEEK\\[1]<0.1024>.*<%d.1025>\\)".formatted(tail))
                .octets("* 1 FETCH (UID 7 BODY[1]<0> {1024}\r\n")
                .octets(first(file, Base64Layout.SAMPLE))
                .octets(" BODY[1]<%d> {1024}\r\n".formatted(tail))
                .octets(Arrays.copyOfRange(body, tail, body.length))
                .reply(")", "OK done");
    }

    private static ScriptedReply expectLiteral(SampleFilePart file) {
        return SERVER.expect("UID FETCH 7 (UID BODY.PEEK[1])")
                .octets("* 1 FETCH (UID 7 BODY[1] {%d}\r\n".formatted(encoded(file).length));
    }

    private static byte[] encoded(SampleFilePart file) {
        return file.encoded().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] first(SampleFilePart file, int octets) {
        return Arrays.copyOf(encoded(file), octets);
    }
}
