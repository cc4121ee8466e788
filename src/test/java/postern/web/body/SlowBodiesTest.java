package postern.web.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** Bodies that come too slowly end. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.body.slowest=1KB", "postern.body.grace=1s"})
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(120)
class SlowBodiesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final Duration BETWEEN = Duration.ofMillis(100);

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/search, application/json",
        "POST, /v1/mailboxes/inbox/messages, message/rfc822",
        "POST, /v1/mailboxes/inbox/messages, multipart/form-data;boundary=b",
        "POST, /v1/mailboxes/inbox/import, application/mbox",
        "PATCH, /v1/mailboxes/inbox, application/json"
    })
    void aBodyThatStopsIsARequestThatCameTooSlowly(String method, String path, String type)
            throws IOException {
        var begin = type.startsWith("multipart") ? "--b\r\nContent-Di" : "{\"a";
        try (var client = new BodyClient(port, session(), method, path, type, 1_000, begin)) {
            assertThat(client.answer())
                    .startsWith("HTTP/1.1 408 ")
                    .contains(
                            "\"request-too-slow\"",
                            "\"retryable\":true",
                            "\r\nConnection: close\r\n");
            assertThat(client.isClosedByTheGateway()).isTrue();
        }
    }

    /** Octets at intervals shorter than any idle timeout. */
    @Test
    void aTrickleIsTooSlow() throws IOException {
        try (var client =
                new BodyClient(
                        port, session(), "POST", "/v1/search", "application/json", 1_000, "{")) {
            do {
                client.send(" ");
            } while (!client.isAnsweredWithin(BETWEEN));

            assertThat(client.answer()).startsWith("HTTP/1.1 408 ");
        }
    }

    private String session() {
        var user = SERVER.newUser();
        var account =
                new Account(servers.forUser(user).imap(), user, new Password(SERVER.password()));
        return "Bearer " + tokens.seal(tokens.start(account));
    }
}
