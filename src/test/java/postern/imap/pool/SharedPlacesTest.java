package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.BERT;
import static postern.imap.pool.PoolFixture.until;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.LoginHashes;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.shared.StateOfReplicas;

/** One account at two replicas that share a store: five connections, and not ten. */
@Timeout(60)
class SharedPlacesTest {

    private static final int MOST = 5;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final StateOfReplicas state = new StateOfReplicas(now::get);
    private final LoginHashes hashes = new LoginHashes();
    private final InMemoryConnector server = new InMemoryConnector();
    private final PoolFixture one = new PoolFixture(server, state, hashes);
    private final PoolFixture other = new PoolFixture(server, state, hashes);

    private static List<ImapConnection> borrow(PoolFixture pool, int count) {
        var lent = new ArrayList<ImapConnection>();
        for (int i = 0; i < count; i++) {
            lent.add(pool.borrow(ANNA));
        }
        return lent;
    }

    /** As replicas do every few seconds. */
    private void tellUntilServed(PoolFixture.Borrower waiting) {
        until(() -> {
            tell(one);
            tell(other);
            return waiting.served();
        });
    }

    private static void tell(PoolFixture pool) {
        pool.connections.pool().tellPlaces(0);
    }

    @Test
    void twoReplicasThatAreBusyShareTheConnections() throws Exception {
        var lent = borrow(one, 3);
        lent.addAll(borrow(other, 2));
        var waiting = other.waiting(ANNA, Lane.INTERACTIVE);

        tell(one);
        tell(other);
        assertThat(server.openNow()).isEqualTo(MOST);
        assertThat(waiting.served()).isFalse();
        lent.getFirst().close();
        tellUntilServed(waiting);

        waiting.await().close();
        assertThat(server.mostOpenOfOneUser()).isEqualTo(MOST);
    }

    @Test
    void anAccountThatMovedGetsThePlacesThatAreIdleElsewhere() throws Exception {
        borrow(one, MOST).forEach(ImapConnection::close);
        var moved = other.waiting(ANNA, Lane.INTERACTIVE);

        until(state::wanted);
        tell(one);

        moved.await().close();
        assertThat(one.closed(CloseReason.SHARED)).isPositive();
        assertThat(server.mostOpenOfOneUser()).isEqualTo(MOST);
    }

    @Test
    void aConnectionThatIsLentIsClosedWhenItIsReturned() throws Exception {
        var lent = borrow(one, MOST);
        var waiting = other.waiting(ANNA, Lane.INTERACTIVE);
        until(state::wanted);
        tell(one);
        assertThat(server.openNow()).isEqualTo(MOST);
        assertThat(waiting.served()).isFalse();

        lent.getFirst().close();

        waiting.await().close();
        assertThat(server.mostOpenOfOneUser()).isEqualTo(MOST);
    }

    @Test
    void whatAKilledReplicaHadIsFreeAfterAWhile() throws Exception {
        borrow(one, MOST);
        var waiting = other.waiting(ANNA, Lane.INTERACTIVE);

        now.updateAndGet(it -> it.plusSeconds(20));

        waiting.await().close();
    }

    @Test
    void aReplicaThatLivesKeepsItsPlaces() throws Exception {
        borrow(one, MOST);
        for (int i = 0; i < 3; i++) {
            now.updateAndGet(it -> it.plusSeconds(10));
            tell(one);
        }

        assertThatThrownBy(() -> other.borrow(ANNA))
                .isInstanceOf(ImapException.ConnectionLimit.class);
        assertThat(server.openNow()).isEqualTo(MOST);
    }

    @Test
    void aReplicaThatStopsLeavesItsPlacesToOthers() {
        borrow(one, MOST).forEach(ImapConnection::close);

        one.connections.pool().stop();

        assertThat(borrow(other, MOST)).hasSize(MOST);
        assertThat(server.mostOpenOfOneUser()).isEqualTo(MOST);
    }

    @Test
    void theOnlyConnectionThatAServerPermitsChangesTheReplica() throws Exception {
        var first = new PoolFixture(server, state, hashes, "max-connections-per-account=1");
        var second = new PoolFixture(server, state, hashes, "max-connections-per-account=1");
        first.borrow(ANNA).close();
        var moved = second.waiting(ANNA, Lane.INTERACTIVE);

        until(state::wanted);
        tell(first);

        moved.await().close();
        assertThat(server.mostOpenOfOneUser()).isEqualTo(1);
    }

    @Test
    void aRefusedPlaceCostsAnotherAccountNothing() {
        borrow(one, MOST);

        other.borrow(BERT).close();
    }

    @Test
    void withoutTheStoreEachReplicaGoesByItsOwnLimit() {
        borrow(one, 3);
        state.fail();

        assertThat(borrow(other, MOST)).hasSize(MOST);
        tell(one);
        assertThat(borrow(one, 2)).hasSize(2);
    }

    @Test
    void whenTheStoreAnswersAgainTheReplicasComeBackToTheLimit() {
        state.fail();
        var lent = borrow(one, MOST);
        lent.addAll(borrow(other, MOST));
        state.answerAgain();
        tell(one);
        tell(other);

        lent.forEach(ImapConnection::close);
        one.pass(Duration.ofSeconds(1));
        tell(one);
        tell(other);

        until(() -> server.openNow() <= MOST);
    }
}
