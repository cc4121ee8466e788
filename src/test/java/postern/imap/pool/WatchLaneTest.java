package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.BERT;
import static postern.imap.pool.PoolFixture.until;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.Account;
import postern.account.Password;
import postern.imap.ImapException;
import postern.imap.Lane;

/** Connections that wait for news take none from those who have something to do. */
@Timeout(20)
class WatchLaneTest {

    @Test
    void itMayBeHeldForHours() {
        var pool = new PoolFixture();
        var watch = pool.connections.borrow(ANNA, Lane.WATCH);

        pool.pass(Duration.ofHours(9));
        pool.connections.pool().sweep();

        assertThat(pool.count(PoolEntry.State.LENT)).isEqualTo(1);
        watch.close();
        assertThat(pool.closed(CloseReason.LIFETIME)).isEqualTo(1);
    }

    @Test
    void aCredentialHasOne() {
        var pool = new PoolFixture();
        pool.connections.borrow(ANNA, Lane.WATCH);

        assertThat(pool.waiting(ANNA, Lane.WATCH).served()).isFalse();
    }

    /** What is behind each credential is not known: see {@link Account#cacheOwner}. */
    @Test
    void theCredentialsOfAnAccountHaveHalfOfItsConnectionsAtMost() {
        var pool = new PoolFixture("max-connections-per-account=5");
        pool.connections.borrow(ANNA, Lane.WATCH);
        pool.connections.borrow(with("token"), Lane.WATCH);

        assertThatThrownBy(() -> pool.connections.borrow(with("third"), Lane.WATCH))
                .isInstanceOf(ImapException.ConnectionLimit.class);
        pool.borrow(ANNA).close();
    }

    @Test
    void oneOfThemYieldsWhereTheServerPermitsNoOther() {
        var pool = new PoolFixture("max-connections-per-account=5");
        pool.connections.borrow(ANNA, Lane.WATCH);
        pool.connections.borrow(with("token"), Lane.WATCH);
        pool.server.refuse(() -> new ImapException.ConnectionLimit(Duration.ZERO, null));

        pool.borrow(ANNA).close();

        assertThat(pool.closed(CloseReason.YIELDED)).isEqualTo(1);
    }

    @Test
    void oneOfThemYieldsWhereDownloadsHaveTheOthers() {
        for (int most : new int[] {2, 4}) {
            var pool = new PoolFixture("max-connections-per-account=" + most);
            for (int i = 0; i < most / 2; i++) {
                pool.connections.borrow(with("token" + i), Lane.WATCH);
                pool.connections.borrow(ANNA, Lane.BULK);
            }

            pool.borrow(ANNA).close();

            assertThat(pool.closed(CloseReason.YIELDED)).isEqualTo(1);
        }
    }

    @Test
    void theyDoNotYieldWhereAShortRequestIsAboutToEnd() {
        var pool = new PoolFixture("max-connections-per-account=2");
        pool.connections.borrow(ANNA, Lane.WATCH);
        var lent = pool.borrow(ANNA);

        var next = pool.waiting(ANNA, Lane.INTERACTIVE);
        assertThat(next.served()).isFalse();
        lent.close();

        until(next::served);
        assertThat(pool.closed(CloseReason.YIELDED)).isZero();
    }

    private static Account with(String password) {
        return new Account(ANNA.server(), ANNA.user(), new Password(password));
    }

    @Test
    void itIsNotTheOnlyConnectionOfAnAccount() {
        var pool = new PoolFixture("max-connections-per-account=1");

        assertThatThrownBy(() -> pool.connections.borrow(ANNA, Lane.WATCH))
                .isInstanceOf(ImapException.ConnectionLimit.class);
        pool.borrow(ANNA).close();
    }

    /** That the server permits one connection only is not known before it refuses the second. */
    @Test
    void itYieldsWhereTheServerPermitsNoOther() throws InterruptedException {
        var pool = new PoolFixture();
        pool.connections.borrow(ANNA, Lane.WATCH);
        pool.server.refuse(() -> new ImapException.ConnectionLimit(Duration.ZERO, null));

        pool.borrow(ANNA).close();

        assertThat(pool.closed(CloseReason.YIELDED)).isEqualTo(1);
    }

    @Test
    void theyAreHalfOfAllConnectionsAtMost() {
        var pool = new PoolFixture("max-connections=3");
        pool.connections.borrow(ANNA, Lane.WATCH);

        assertThatThrownBy(() -> pool.connections.borrow(BERT, Lane.WATCH))
                .isInstanceOf(ImapException.ConnectionLimit.class);
        pool.borrow(BERT).close();
        until(() -> pool.count(PoolEntry.State.IDLE) == 1);
    }
}
