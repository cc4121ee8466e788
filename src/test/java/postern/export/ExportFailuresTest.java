package postern.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.testserver.ScriptedImapServer;
import postern.web.id.MessageId;
import tools.jackson.databind.json.JsonMapper;

/** Exports and imports when the connection to the mail server is lost. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class ExportFailuresTest {

    private static final int LARGE = 2_000_000;
    private static final ScriptedImapServer SERVER = ScriptedImapServer.start();
    private static final String[] CAPABILITIES = {
        "IMAP4rev1", "LITERAL+", "ID", "ENABLE", "UIDPLUS", "CONDSTORE", "AUTH=PLAIN"
    };
    private static final String THREE =
            "From x Sun Mar 1 09:08:07 2026\nS: one\n\n1\n\n"
                    + "From x Sun Mar 1 09:08:07 2026\nS: two\n\n2\n\n"
                    + "From x Sun Mar 1 09:08:07 2026\nS: three\n\n3\n";
    private static int users;

    @LocalServerPort private int port;
    @Autowired private JsonMapper json;
    @Autowired private Imports imports;
    private final HttpClient http = HttpClient.newHttpClient();
    private String authorization;

    @DynamicPropertySource
    static void theScriptedServer(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
    }

    @BeforeEach
    void anAccountThatNobodyKnows() {
        var pair = "e" + ++users + ":pw";
        authorization = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes());
    }

    @AfterEach
    void theScriptIsDone() {
        http.close();
        SERVER.verify();
    }

    @Test
    void anImportThatCannotFitIsNotRead() {
        SERVER.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS", "QUOTA");
        try {
            SERVER.expectMatching("STATUS \"INBOX\" .*")
                    .reply("* STATUS INBOX (MESSAGES 1 UNSEEN 0 UIDNEXT 8 UIDVALIDITY 1)", "OK");
            SERVER.expectMatching("GETQUOTAROOT .*")
                    .reply("* QUOTAROOT INBOX all", "* QUOTA all (STORAGE 900 1000)", "OK");

            assertThatThrownBy(() -> imports.require(account("i"), MailboxName.INBOX, 150 << 10, 0))
                    .isInstanceOf(ImapException.OverQuota.class);
        } finally {
            SERVER.capabilities(CAPABILITIES);
        }
    }

    @Test
    void aMessageThatTheMailboxDoesNotTakeIsNotSent() throws IOException {
        var target = new Imports.Target(MailboxName.INBOX, 20);
        var mbox = "From a@x Thu Jan  1 00:00:00 2026\nSubject: too long to take\n\nhi\n";

        var result =
                imports.run(
                        account("i"),
                        target,
                        new ByteArrayInputStream(mbox.getBytes(UTF_8)),
                        Set.of(),
                        0);

        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.items().getFirst().problem())
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("message-too-big"));
    }

    private static Account account(String kind) {
        return new Account(
                new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                kind + users,
                new Password("pw"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mbox", "zip"})
    void anExportThatTheMailServerCutsNeverLooksWhole(String format) {
        expectMailbox();
        SERVER.expectMatching("UID FETCH 7 \\(UID BODY.PEEK\\[]\\)")
                .octets("* 1 FETCH (UID 7 BODY[] {%d}\r\n".formatted(LARGE))
                .octets("Subject: x\r\n\r\n" + noise())
                .drop();

        assertThatThrownBy(() -> export(format)).isInstanceOf(IOException.class);
    }

    @Test
    void aMessageThatIsGoneIsLeftOut() throws Exception {
        expectMailbox();
        SERVER.expectMatching("UID FETCH 7 \\(UID BODY.PEEK\\[]\\)").reply("OK done");

        var answer = export("mbox");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void anImportTellsWhatIsKnownAndWhatIsNot() throws Exception {
        SERVER.expectMatching("STATUS .*")
                .reply(
                        "* STATUS \"INBOX\" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 7 UNSEEN 0)",
                        "OK done");
        SERVER.expectMatching("(?s)APPEND .*one.*").reply("OK [APPENDUID 7 1] done");
        SERVER.expectMatching("(?s)APPEND .*two.*").reply("NO [OVERQUOTA] full");
        SERVER.expectMatching("(?s)APPEND .*three.*").drop();

        var answer =
                http.send(
                        request("/v1/mailboxes/inbox/import")
                                .header("Content-Type", "application/mbox")
                                .POST(HttpRequest.BodyPublishers.ofString(THREE))
                                .build(),
                        BodyHandlers.ofString());

        var result = json.readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(result.at("/items/0/status").asString()).isEqualTo("imported");
        assertThat(result.at("/items/1/status").asString()).isEqualTo("failed");
        assertThat(result.at("/items/1/problem/code").asString()).isEqualTo("over-quota");
        assertThat(result.at("/items/2/status").asString()).isEqualTo("unknown");
        assertThat(result.at("/items/2/problem/code").asString()).isEqualTo("outcome-unknown");
        assertThat(result.get("unknown").asInt()).isEqualTo(1);
    }

    @Test
    void anImportFindsOutByItsKeyWhatWasStored() throws Exception {
        losesTheThirdOfThree();
        SERVER.expect("UID SEARCH UID 1:4294967295").reply("* SEARCH 1 2 3", "OK");
        SERVER.expect("UID FETCH 1:3 (UID RFC822.SIZE)")
                .reply(size(1, 13), size(2, 99), size(3, 15), "OK");
        SERVER.expect("UID FETCH 3 (UID RFC822.SIZE BODY.PEEK[]<0.16384>)")
                .reply("* 3 FETCH (UID 3 RFC822.SIZE 15 BODY[]<0> {15}")
                .octets("S: three\r\n\r\n3\r\n)\r\n")
                .reply("OK");

        assertThat(json.readTree(imported().body()).get("unknown").asInt()).isEqualTo(1);
        var again = imported();

        var result = json.readTree(again.body());
        assertThat(result.get("imported").asInt()).as(again.body()).isEqualTo(2);
        assertThat(result.get("failed").asInt()).isEqualTo(1);
        assertThat(result.at("/items/2/id").asString())
                .isEqualTo(
                        MessageId.of(
                                        new MessageRef(
                                                MailboxName.INBOX,
                                                1,
                                                3,
                                                AccountTag.of(account("e"))))
                                .toString());
        assertThat(again.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(imported().headers().firstValue("Idempotency-Replayed")).contains("true");
    }

    @Test
    void anImportStoresByItsKeyWhatWasNotStored() throws Exception {
        losesTheThirdOfThree();
        SERVER.expect("UID SEARCH UID 1:4294967295").reply("* SEARCH 1", "OK");
        SERVER.expect("UID FETCH 1 (UID RFC822.SIZE)").reply(size(1, 13), "OK");
        statusOfTheInbox();
        SERVER.expectMatching("(?s)APPEND .*three.*").reply("OK [APPENDUID 1 2] done");

        imported();

        var result = json.readTree(imported().body());
        assertThat(result.get("imported").asInt()).as(result.toString()).isEqualTo(2);
        assertThat(result.get("unknown").asInt()).isZero();
    }

    @Test
    void ofAMessageThatIsThereTwiceNobodyKnows() throws Exception {
        losesTheThirdOfThree();
        SERVER.expect("UID SEARCH UID 1:4294967295").reply("* SEARCH 1 2 3", "OK");
        SERVER.expect("UID FETCH 1:3 (UID RFC822.SIZE)")
                .reply(size(1, 13), size(2, 15), size(3, 15), "OK");
        SERVER.expect("UID FETCH 2:3 (UID RFC822.SIZE BODY.PEEK[]<0.16384>)")
                .reply("* 2 FETCH (UID 2 RFC822.SIZE 15 BODY[]<0> {15}")
                .octets("S: three\r\n\r\n3\r\n)\r\n")
                .reply("* 3 FETCH (UID 3 RFC822.SIZE 15 BODY[]<0> {15}")
                .octets("S: three\r\n\r\n3\r\n)\r\n")
                .reply("OK");

        imported();

        assertThat(json.readTree(imported().body()).get("unknown").asInt()).isEqualTo(1);
    }

    private void losesTheThirdOfThree() {
        statusOfTheInbox();
        statusOfTheInbox();
        SERVER.expectMatching("(?s)APPEND .*one.*").reply("OK [APPENDUID 1 1] done");
        SERVER.expectMatching("(?s)APPEND .*two.*").reply("NO [OVERQUOTA] full");
        SERVER.expectMatching("(?s)APPEND .*three.*").drop();
        statusOfTheInbox();
    }

    private static void statusOfTheInbox() {
        SERVER.expectMatching("STATUS .*")
                .reply(
                        "* STATUS \"INBOX\" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1 UNSEEN 0)",
                        "OK done");
    }

    private static String size(int uid, int octets) {
        return "* %1$d FETCH (UID %1$d RFC822.SIZE %2$d)".formatted(uid, octets);
    }

    private HttpResponse<String> imported() throws Exception {
        return http.send(
                request("/v1/mailboxes/inbox/import")
                        .header("Content-Type", "application/mbox")
                        .header("Idempotency-Key", "k")
                        .POST(HttpRequest.BodyPublishers.ofString(THREE))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void anImportThatBreaksOffGoesOnUnderItsKey() throws Exception {
        statusOfTheInbox();
        statusOfTheInbox();
        SERVER.expectMatching("(?s)APPEND .*one.*").reply("OK [APPENDUID 7 1] done");
        var first = "From x Sun Mar 1 09:08:07 2026\nS: one\n\n" + "text\n".repeat(300_000);
        var second = "\nFrom x Sun Mar 1 09:08:07 2026\nS: two\n\n";
        var rest = "x".repeat(3_000_000 - first.length() - second.length());

        answerTo(first + second);

        for (int i = 0; i < 2; i++) {
            statusOfTheInbox();
        }
        SERVER.expectMatching("(?s)APPEND .*two.*").reply("OK [APPENDUID 7 2] done");
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> !answerTo(first + second + rest).contains("request-in-progress"));
        assertThat(answerTo(first + second + rest))
                .startsWith("HTTP/1.1 200")
                .contains("Idempotency-Replayed", "\"imported\":2");
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAnImportIsNoFailure(CapturedOutput log) throws Exception {
        statusOfTheInbox();

        answerTo(THREE);

        assertThat(log).doesNotContain("ERROR", "failed", "EofException");
    }

    /** The response to an import whose body is shorter than its Content-Length. */
    private String answerTo(String beginning) throws IOException {
        var head =
                "POST /v1/mailboxes/inbox/import HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + "Authorization: %s\r\nIdempotency-Key: k\r\n".formatted(authorization)
                        + "Content-Type: application/mbox\r\nContent-Length: 3000000\r\n\r\n";
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream().write((head + beginning).getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static void expectMailbox() {
        SERVER.expectMatching("UID SEARCH .*").reply("* SEARCH 7", "OK done");
        SERVER.expectMatching("UID FETCH 7 \\(UID FLAGS INTERNALDATE RFC822.SIZE\\)")
                .reply(
                        "* 1 FETCH (UID 7 FLAGS () RFC822.SIZE %d INTERNALDATE \"01-Mar-2026 09:08:07 +0000\")"
                                .formatted(LARGE),
                        "OK done");
    }

    /** Random text that hardly compresses. */
    private static String noise() {
        var octets = new byte[LARGE / 2];
        new Random(1).nextBytes(octets);
        return Base64.getMimeEncoder().encodeToString(octets).substring(0, LARGE / 2);
    }

    private HttpResponse<byte[]> export(String format) throws Exception {
        return http.send(
                request("/v1/mailboxes/inbox/export?format=" + format).build(),
                BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Authorization", authorization);
    }
}
