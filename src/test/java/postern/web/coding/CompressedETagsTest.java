package postern.web.coding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.ScriptedImapServer;

/** ETags of lists that are compressed or not. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.imap.host=localhost", "server.compression.min-response-size=1"})
@ContextConfiguration(initializers = AnyMailServer.class)
@Timeout(60)
class CompressedETagsTest {

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"* OK [HIGHESTMODSEQ 41] x", "* OK [NOMODSEQ] x"})
    void aCompressedListThatIsTheSameIsNotSentAgain(String modSeq) throws Exception {
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 2] x", modSeq);
        for (int i = 0; i < 8; i++) {
            server.expectMatching("(UID )?FETCH .*")
                    .reply(
                            "* 1 FETCH (UID 1 FLAGS () MODSEQ (41) INTERNALDATE"
                                    + " \"01-Mar-2026 00:00:00 +0000\")",
                            "OK");
        }
        var token = token();
        var first = get(token, "gzip", "\"x\"");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(String.join(", ", first.headers().allValues("Vary")))
                .contains("Authorization", "Accept-Encoding");
        var tag = first.headers().firstValue("ETag").orElseThrow();

        assertThat(get(token, "gzip", tag).statusCode()).isEqualTo(304);
        assertThat(get(token, "identity", tag).statusCode()).isEqualTo(304);
    }

    @Test
    void theTagOfAPlainListIsGoodForACompressedOne() throws Exception {
        server.selected(
                "* 0 EXISTS",
                "* OK [UIDVALIDITY 1] x",
                "* OK [UIDNEXT 2] x",
                "* OK [HIGHESTMODSEQ 41] x");
        var token = token();
        var tag = get(token, "identity", "\"x\"").headers().firstValue("ETag").orElseThrow();

        assertThat(tag).startsWith("W/");
        assertThat(get(token, "gzip", tag).statusCode()).isEqualTo(304);
    }

    private String token() {
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        return tokens.seal(tokens.start(new Account(imap, "ada", new Password("secret"))));
    }

    private HttpResponse<byte[]> get(String token, String encoding, String tag)
            throws IOException, InterruptedException {
        var uri = "http://localhost:%d/v1/mailboxes/inbox/messages?fields=id".formatted(port);
        return http.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .header("Authorization", "Bearer " + token)
                        .header("Accept-Encoding", encoding)
                        .header("If-None-Match", tag)
                        .build(),
                BodyHandlers.ofByteArray());
    }
}
