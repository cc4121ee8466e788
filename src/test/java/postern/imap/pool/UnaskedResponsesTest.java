package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.Account;
import postern.account.LoginHashes;
import postern.imap.Access;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.shared.InMemorySharedState;
import postern.testserver.ScriptedImapServer;

/** What a server sends while a connection is idle. */
@Timeout(20)
class UnaskedResponsesTest {

    private static final MailboxName SENT = MailboxName.of("Sent");

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final PooledConnections connections =
            new PooledConnections(
                    Connectors.connector(),
                    PoolFixture.properties("max-connections-per-account=1"),
                    PoolFixture.SERVERS,
                    new InMemorySharedState(InstantSource.system()),
                    new LoginHashes(),
                    PoolFixture.located(),
                    new OwnChanges(),
                    new SimpleMeterRegistry());

    @AfterEach
    void verify() {
        server.close();
    }

    /** News before the end are not the answer to the next command, which is sent again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "* BYE Disconnected for inactivity",
                "* 4 EXISTS\n* BYE Disconnected for inactivity",
                "* FLAGS (\\Seen)\n* 2 RECENT\n* BYE Disconnected for inactivity",
                "* OK [UIDVALIDITY 1]\n* BYE Disconnected for inactivity"
            })
    void aConnectionThatTheServerEndedIsReplaced(String pushed) {
        select(MailboxName.INBOX).close();
        server.push(pushed.split("\n"));

        try (var mailbox = select(SENT)) {
            assertThat(mailbox.name()).isEqualTo(SENT);
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    /** Such as answers to the octets of a literal that was read as commands. */
    @ParameterizedTest
    @ValueSource(strings = {"hello BAD what is that", "* BAD what is that", "P1 OK done"})
    void aConnectionWithAnswersThatNobodyAskedForIsReplaced(String pushed) {
        select(MailboxName.INBOX).close();
        server.push(pushed);

        try (var mailbox = select(SENT)) {
            assertThat(mailbox.name()).isEqualTo(SENT);
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void newsAloneDoNoHarm() {
        select(MailboxName.INBOX).close();
        server.push("* OK Still here", "* 4 EXISTS");

        try (var mailbox = select(MailboxName.INBOX)) {
            assertThat(mailbox.fetch(List.of())).isEmpty();
            assertThat(mailbox.state().messages()).isEqualTo(4);
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    private SelectedMailbox select(MailboxName mailbox) {
        Account account = Connectors.account(server.host(), server.port(), "u", "p");
        return connections.select(account, mailbox, Access.READ_ONLY, Lane.INTERACTIVE);
    }
}
