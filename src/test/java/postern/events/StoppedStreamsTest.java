package postern.events;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.provider.MailServers;
import postern.testclient.EventReader;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** The end of the process ends streams, so that nothing waits for them. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.lifecycle.timeout-per-shutdown-phase=10m",
            "postern.imap.pool.shutdown-grace=10m"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@DirtiesContext
@Timeout(60)
class StoppedStreamsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private ImapConnections connections;
    @Autowired private ConfigurableApplicationContext context;

    /** Both waits of the shutdown are longer than this test may take. */
    @Test
    void aStreamDoesNotHoldUpTheEndOfTheProcess() throws IOException {
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, SERVER.newUser(), new Password(SERVER.password()));
        var token = tokens.seal(tokens.start(account));
        try (var events = EventReader.open(port, token, "/events?mailboxId=inbox", null)) {
            requireNonNull(events.block());

            context.stop();

            assertThat(endsWithoutEvent(events)).isTrue();
            assertThatThrownBy(() -> connections.borrow(account, Lane.INTERACTIVE))
                    .isInstanceOf(ImapException.ServerUnavailable.class);
        }
    }

    private static boolean endsWithoutEvent(EventReader events) throws IOException {
        try {
            return events.next() == null;
        } catch (EOFException _) {
            return true;
        }
    }
}
