package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.properties;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.account.Security;
import postern.imap.ImapException.AccessTokenRefused;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.imap.client.connect.Connectors;
import postern.shared.InMemorySharedState;
import postern.testserver.OauthDovecot;
import postern.testserver.RealServer;

/** Access tokens on real servers, which ask the issuer about each of them. */
@Timeout(180)
class AccessTokensIT {

    @ParameterizedTest
    @EnumSource(
            value = RealServer.class,
            names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void aTokenOpensTheMailOfItsUserUntilItEnds(RealServer like) {
        try (var server = OauthDovecot.start(like)) {
            var connections = connections(server);
            var first = AccessToken.of("first.token", null);
            var account = account(server, "u1", first);
            server.issue("first.token", "u1");

            // login and list
            try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
                assertThat(connection.list(false))
                        .extracting(it -> it.name())
                        .contains(MailboxName.INBOX);

                // expiry in the middle: what is open goes on, a further connection is refused once
                server.end("first.token");
                assertThat(connection.status(MailboxName.INBOX).messages()).isZero();
                assertRefused(connections, account, "(invalid_token)");
                int asked = server.introspections();
                assertRefused(connections, account, "(invalid_token)");
                assertThat(server.introspections()).isEqualTo(asked);
            }

            // a new token for the same session
            var refreshed = account.with(first.replacedBy("second.token", null));
            server.issue("second.token", "u1");
            connections.logIn(refreshed);
            try (var connection = connections.borrow(refreshed, Lane.INTERACTIVE)) {
                assertThat(connection.status(MailboxName.INBOX).messages()).isZero();
            }

            // a right token under a wrong name
            assertRefused(
                    connections, account(server, "u2", AccessToken.of("second.token", null)), "");
            connections.stop();
        }
    }

    private static void assertRefused(
            PooledConnections connections, Account account, String status) {
        assertThatThrownBy(() -> connections.borrow(account, Lane.INTERACTIVE).close())
                .isInstanceOf(AccessTokenRefused.class)
                .hasMessageEndingWith(status);
    }

    private static PooledConnections connections(OauthDovecot server) {
        var connections =
                new PooledConnections(
                        Connectors.oauthConnector(server.host(), server.port()),
                        properties(),
                        PoolFixture.SERVERS,
                        new InMemorySharedState(InstantSource.system()),
                        new LoginHashes(),
                        PoolFixture.located(),
                        new OwnChanges(),
                        new SimpleMeterRegistry());
        connections.start();
        return connections;
    }

    private static Account account(OauthDovecot server, String user, AccessToken token) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE), user, token);
    }
}
