package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.INBOX;
import static postern.imap.pool.PoolFixture.account;
import static postern.imap.pool.PoolFixture.until;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.imap.ImapException.AuthenticationFailed;
import postern.imap.ImapException.ConnectionLimit;
import postern.imap.Lane;

/** Logins that always ask the mail server, even when connections are open. */
@Timeout(20)
class FreshLoginTest {

    @Test
    void asksTheServerAlthoughAConnectionIsIdle() {
        var pool = new PoolFixture();
        pool.borrow(ANNA).close();

        pool.connections.logIn(ANNA);

        assertThat(pool.server.opened()).hasSize(2);
        assertThat(pool.count(PoolEntry.State.IDLE)).isEqualTo(2);
    }

    @Test
    void aRefusedCredentialEndsWhatWasOpenedWithItAndNothingElse() {
        var pool = new PoolFixture();
        var changed = account("mail.example.org", "anna", "changed");
        pool.borrow(changed).close();
        var lent = pool.borrow(ANNA);
        pool.borrow(ANNA).close();
        pool.server.refuse(() -> new AuthenticationFailed(null));

        assertThatThrownBy(() -> pool.connections.logIn(ANNA))
                .isInstanceOf(AuthenticationFailed.class);

        until(() -> !pool.connection(2).open());
        assertThat(pool.connection(1).open()).isTrue();
        lent.close();
        until(() -> !pool.connection(1).open());
        assertThat(pool.connection(0).open()).isTrue();
    }

    @Test
    void closesAnIdleOneRatherThanHaveMoreThanThereMayBe() {
        var pool = new PoolFixture("max-connections-per-account=1");
        pool.select(ANNA, INBOX).close();

        pool.connections.logIn(ANNA);

        assertThat(pool.server.opened()).hasSize(2);
        assertThat(pool.server.mostOpen()).isEqualTo(1);
        assertThat(pool.connection(0).open()).isFalse();
    }

    @Test
    void waitsForAPlaceWhileAllAreLent() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=1");
        var lent = pool.borrow(ANNA);
        var login = Thread.ofVirtual().start(() -> pool.connections.logIn(ANNA));
        until(() -> pool.connections.pool().waiting() == 1);

        lent.close();
        login.join();

        assertThat(pool.server.opened()).hasSize(2);
        assertThat(pool.server.mostOpen()).isEqualTo(1);
    }

    @Test
    void makesDoWithAnIdlePlaceWhereTheServerTakesNoMore() {
        var pool = new PoolFixture();
        pool.borrow(ANNA).close();
        pool.server.refuse(() -> new ConnectionLimit(java.time.Duration.ofSeconds(1), null));

        pool.connections.logIn(ANNA);

        assertThat(pool.connection(0).open()).isFalse();
        assertThat(pool.connection(1).open()).isTrue();
        try (var other = pool.connections.borrow(ANNA, Lane.INTERACTIVE)) {
            assertThat(other.list(false)).isEmpty();
        }
    }
}
