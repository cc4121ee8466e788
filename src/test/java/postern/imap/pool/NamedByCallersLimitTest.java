package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Lane;

/** A name costs a caller nothing, so that servers that callers name have one limit together. */
class NamedByCallersLimitTest {

    private final ConnectionLimits limits =
            new ConnectionLimits(10, 100, it -> it.host().endsWith(".chosen.example"), 2);

    @Test
    void serversThatCallersNameLeaveRoomForTheOthers() {
        take("a.chosen.example");
        var second = take("b.chosen.example");

        assertThat(limits.hasRoomFor(server("c.chosen.example"))).isFalse();
        assertThat(limits.hasRoomFor(server("mail.example.org"))).isTrue();

        limits.move(second, PoolEntry.State.GONE, 0);
        assertThat(limits.hasRoomFor(server("c.chosen.example"))).isTrue();
    }

    @Test
    void oneOfTheirIdleConnectionsGivesWayAndNoOther() {
        limits.move(take("mail.example.org"), PoolEntry.State.IDLE, 0);
        take("a.chosen.example");
        assertThat(limits.oldestIdleBlocking(server("c.chosen.example"))).isNotNull();

        var idle = take("b.chosen.example");
        assertThat(limits.oldestIdleBlocking(server("c.chosen.example"))).isNull();

        limits.move(idle, PoolEntry.State.IDLE, 0);
        assertThat(limits.oldestIdleBlocking(server("c.chosen.example"))).isSameAs(idle);
    }

    private PoolEntry take(String host) {
        var account = new Account(server(host), "anne", new Password("secret"));
        var entry =
                new PoolEntry(
                        new AccountPool(AccountKey.of(account), 5, Duration.ofMinutes(1)),
                        CredentialFingerprint.of(account, new LoginHashes()),
                        Lane.INTERACTIVE);
        limits.take(entry);
        return entry;
    }

    private static ImapServer server(String host) {
        return new ImapServer(host, 993, Security.TLS);
    }
}
