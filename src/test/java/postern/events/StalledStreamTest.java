package postern.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.testclient.EventReader;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.limit.ListenerPlaces;

/** A stream whose client reads no more. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.events.heartbeat=100ms",
            "postern.events.write-timeout=300ms",
            "postern.watch.poll=50ms"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(300)
class StalledStreamTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final int SMALL_BUFFER = 4 * 1024;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private ListenerPlaces places;

    @Test
    void aClientThatStopsReadingIsCut() throws IOException {
        var user = SERVER.newUser();
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var token =
                tokens.seal(tokens.start(new Account(imap, user, new Password(SERVER.password()))));
        var message =
                "From: Ada <ada@example.org>\r\nSubject: %s\r\n\r\nText\r\n"
                        .formatted("x".repeat(16 * 1024))
                        .getBytes(UTF_8);
        try (var program = SecondImapClient.of(SERVER, user);
                var events =
                        new EventReader(
                                port,
                                "Bearer " + token,
                                "/events?mailboxId=inbox",
                                null,
                                SMALL_BUFFER)) {
            assertThat(events.status()).isEqualTo(200);
            for (int i = 0; i < 900; i++) {
                program.append("INBOX", Set.of(), message);
            }
            await().atMost(Duration.ofMinutes(2)).until(() -> places.taken() == 0);
        }
    }
}
