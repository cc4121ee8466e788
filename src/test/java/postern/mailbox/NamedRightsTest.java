package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.imap.MailboxName;
import postern.testserver.ScriptedImapServer;
import postern.web.id.MailboxId;

/** Rights of users whose names have characters that a path must encode. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Timeout(120)
class NamedRightsTest {

    private static final ScriptedImapServer SERVER = ScriptedImapServer.start();

    @LocalServerPort private int port;

    @DynamicPropertySource
    static void theScriptedServer(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
    }

    @AfterAll
    static void theScriptIsDone() {
        SERVER.close();
    }

    @ParameterizedTest
    @CsvSource({
        "50%25club, 50%club",
        "DOMAIN%5Cuser, DOMAIN\\\\user",
        "group%2Fsales, group/sales",
        "..%2f..%2fetc, ../../etc",
        "a%3Bb, a;b",
        "%252F, %2F",
        "x%20y, x y",
        "-bob, -bob"
    })
    void anIdentifierMayHaveAnyCharacters(String segment, String identifier) throws IOException {
        SERVER.capabilities("IMAP4rev1", "ACL");
        SERVER.expect("DELETEACL \"INBOX\" \"%s\"".formatted(identifier)).reply("OK");

        assertThat(delete(segment)).startsWith("HTTP/1.1 204 ");
        SERVER.verify();
    }

    @ParameterizedTest
    @CsvSource({"a;b, 400", "%0a, 400", "%ff, 400", "a/b, 404"})
    void whatCouldBeMisreadIsRefused(String segment, int status) throws IOException {
        assertThat(delete(segment))
                .startsWith("HTTP/1.1 %d ".formatted(status))
                .contains("application/problem+json");
    }

    /** A raw request, since Java's client checks and normalises the path. */
    private String delete(String segment) throws IOException {
        var basic = Base64.getEncoder().encodeToString("u:pw".getBytes(StandardCharsets.US_ASCII));
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write(
                            """
                            DELETE /v1/mailboxes/%s/rights/%s HTTP/1.1
                            Host: x
                            Authorization: Basic %s
                            Connection: close

                            """
                                    .formatted(MailboxId.of(MailboxName.INBOX), segment, basic)
                                    .replace("\n", "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
