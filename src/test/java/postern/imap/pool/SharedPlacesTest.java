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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    private final PoolFixture impatient = new PoolFixture(server, state, hashes, 3);

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

        assertThatThrownBy(() -> impatient.borrow(ANNA))
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

    /** Whoever is served gives the connection back, and the others go on waiting. */
    private static void serveAll(List<PoolFixture> pools, List<PoolFixture.Borrower> waiting)
            throws Exception {
        var left = new ArrayList<>(waiting);
        while (!left.isEmpty()) {
            until(() -> {
                pools.forEach(SharedPlacesTest::tell);
                return left.stream().anyMatch(PoolFixture.Borrower::served);
            });
            for (var it : List.copyOf(left)) {
                if (it.served()) {
                    it.await().close();
                    left.remove(it);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,3", "1,3"})
    void replicasThatAllHaveNoneGetThePlacesOneAfterTheOther(int most, int replicas)
            throws Exception {
        var limit = "max-connections-per-account=" + most;
        var holder = new PoolFixture(server, state, hashes, limit);
        var lent = borrow(holder, most);
        var pools =
                Stream.generate(() -> new PoolFixture(server, state, hashes, limit))
                        .limit(replicas)
                        .toList();
        var waiting = pools.stream().map(it -> it.waiting(ANNA, Lane.INTERACTIVE)).toList();
        until(() -> state.waiting() == replicas);
        tell(holder);

        lent.forEach(ImapConnection::close);

        serveAll(pools, waiting);
        assertThat(server.mostOpenOfOneUser()).isEqualTo(most);
    }

    @Test
    void whoWaitsNoMoreHoldsUpNobody() throws Exception {
        var lent = borrow(one, MOST);

        assertThatThrownBy(() -> impatient.borrow(ANNA))
                .isInstanceOf(ImapException.ConnectionLimit.class);

        until(() -> state.waiting() == 0);
        tell(one);
        lent.forEach(ImapConnection::close);
        assertThat(one.count(PoolEntry.State.IDLE)).isEqualTo(MOST);
    }

    @Test
    void whoMerelyWaitsForNewsGivesWayToAnotherReplica() throws Exception {
        var two = "max-connections-per-account=2";
        var first = new PoolFixture(server, state, hashes, two);
        var second = new PoolFixture(server, state, hashes, two);
        first.connections.borrow(ANNA, Lane.WATCH);
        first.borrow(ANNA);
        var waiting = second.waiting(ANNA, Lane.INTERACTIVE);
        until(state::wanted);

        tell(first);

        waiting.await().close();
        assertThat(first.closed(CloseReason.YIELDED)).isEqualTo(1);
    }

    @Test
    void aPlaceThatHasBecomeFreeIsFoundAtOnce() throws Exception {
        borrow(one, 1);
        var lent = borrow(other, 4);
        tell(one);
        lent.forEach(ImapConnection::close);
        other.connections.pool().stop();

        one.borrow(ANNA).close();
    }

    @Test
    void aThousandAccountsAreToldInFewRoundTrips() {
        for (int i = 0; i < 1_000; i++) {
            one.borrow(PoolFixture.account("mail.example.org", "user" + i, "secret"));
        }
        int before = state.askedForPlaces();

        for (int round = 0; round < 5; round++) {
            one.connections.pool().tellPlaces(round);
        }

        assertThat(state.askedForPlaces() - before).isBetween(5, 5 * 64);
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
        tell(one);
        tell(other);
        assertThat(one.count(PoolEntry.State.IDLE)).isGreaterThanOrEqualTo(MOST / 2);
        assertThat(other.count(PoolEntry.State.IDLE)).isGreaterThanOrEqualTo(MOST / 2);
    }
}
