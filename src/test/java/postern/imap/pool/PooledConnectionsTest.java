package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.BERT;
import static postern.imap.pool.PoolFixture.INBOX;
import static postern.imap.pool.PoolFixture.SENT;
import static postern.imap.pool.PoolFixture.account;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import postern.account.LoginHashes;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.ImapException.AuthenticationFailed;
import postern.imap.ImapException.ConnectionLimit;
import postern.imap.ImapException.ServerUnavailable;
import postern.imap.ImapException.ServerUnreachable;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.provider.MailServers;
import postern.shared.InMemorySharedState;
import postern.shared.SharedState;

@Timeout(20)
class PooledConnectionsTest {

    @Test
    void lendsAConnectionAgain() {
        var pool = new PoolFixture();
        pool.borrow(ANNA).close();

        pool.borrow(ANNA).close();

        assertThat(pool.server.opened()).hasSize(1);
    }

    @Test
    void lendsTheConnectionAlreadyOnThatMailbox() {
        var pool = new PoolFixture();
        var inbox = pool.select(ANNA, INBOX);
        var sent = pool.select(ANNA, SENT);
        inbox.close();
        sent.close();

        pool.select(ANNA, INBOX).close();
        pool.select(ANNA, SENT).close();

        assertThat(pool.connection(0).commands()).containsExactly("EXAMINE INBOX");
        assertThat(pool.connection(1).commands()).containsExactly("EXAMINE Sent");
    }

    @Test
    void lendsAConnectionWithNothingSelectedBeforeOneOnAnotherMailbox() {
        var pool = new PoolFixture();
        var inbox = pool.select(ANNA, INBOX);
        var idle = pool.borrow(ANNA);
        idle.close();
        inbox.close();

        pool.select(ANNA, SENT).close();

        assertThat(pool.connection(1).commands()).containsExactly("EXAMINE Sent");
    }

    @Test
    void lendsTheLeastRecentlyUsedWhenAllAreOnOtherMailboxes() {
        var pool = new PoolFixture();
        var inbox = pool.select(ANNA, INBOX);
        var sent = pool.select(ANNA, SENT);
        sent.close();
        inbox.close();

        pool.select(ANNA, MailboxName.of("Drafts")).close();

        assertThat(pool.connection(1).commands()).containsExactly("EXAMINE Sent", "EXAMINE Drafts");
    }

    @Test
    void neverLendsAConnectionOpenedWithAnotherCredential() {
        var pool = new PoolFixture();
        pool.borrow(ANNA).close();
        var sameUser = account("mail.example.org", "anna", "guessed");

        pool.borrow(sameUser).close();

        assertThat(pool.server.opened()).hasSize(2);
        assertThat(pool.connection(1).account()).isEqualTo(sameUser);
    }

    @Test
    void countsAUserOnceWhateverTheCredentialAndTheCaseOfTheHost() {
        var pool = new PoolFixture("max-connections-per-account=1", "borrow-timeout=1ms");
        var otherPassword = account("MAIL.example.org", "anna", "token");

        try (var _ = pool.borrow(ANNA)) {
            assertThatThrownBy(() -> pool.borrow(otherPassword))
                    .isInstanceOf(ConnectionLimit.class);
        }

        pool.borrow(otherPassword).close();
        assertThat(pool.connection(0).open()).isFalse();
        assertThat(pool.server.mostOpenOfOneUser()).isEqualTo(1);
    }

    @Test
    void waitsFairlyAndGivesUpAtTheDeadline() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=1");
        var lent = pool.borrow(ANNA);
        var first = pool.waiting(ANNA, Lane.INTERACTIVE);
        var second = pool.waiting(ANNA, Lane.INTERACTIVE);

        lent.close();
        var firsts = first.await();
        assertThat(second.served()).isFalse();
        firsts.close();
        second.await().close();

        var hasty = new PoolFixture("max-connections-per-account=1", "borrow-timeout=1ms");
        var _ = hasty.borrow(ANNA);
        assertThatThrownBy(() -> hasty.borrow(ANNA))
                .isInstanceOfSatisfying(
                        ConnectionLimit.class, e -> assertThat(e.retryAfter()).isPositive());
        assertThat(hasty.connections.pool().waiting()).isZero();
    }

    @Test
    void refusesAtOnceWhenTooManyWait() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=1", "max-waiting-per-account=1");
        var lent = pool.borrow(ANNA);
        var waiting = pool.waiting(ANNA, Lane.INTERACTIVE);

        assertThatThrownBy(() -> pool.borrow(ANNA)).isInstanceOf(ConnectionLimit.class);
        var download = pool.waiting(ANNA, Lane.BULK);

        lent.close();
        waiting.await().close();
        download.await().close();
    }

    @Test
    void interactiveNeverWaitsBehindDownloads() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=4");
        var downloads = new ArrayList<ImapConnection>();
        downloads.add(pool.connections.borrow(ANNA, Lane.BULK));
        downloads.add(pool.connections.borrow(ANNA, Lane.BULK));
        var third = pool.waiting(ANNA, Lane.BULK);

        var one = pool.borrow(ANNA);
        var two = pool.borrow(ANNA);
        assertThat(third.served()).isFalse();
        two.close();
        assertThat(third.served()).isFalse();

        downloads.forEach(ImapConnection::close);
        third.await().close();
        one.close();
    }

    @Test
    void aDownloadUsesTheOnlyConnectionThereIs() {
        var pool = new PoolFixture("max-connections-per-account=1");

        pool.connections.borrow(ANNA, Lane.BULK).close();

        assertThat(pool.server.opened()).hasSize(1);
    }

    @Test
    void takesAConnectionThatIsGivenBackBeforeItsOwnIsOpen() throws Exception {
        var pool = new PoolFixture();
        var lent = pool.borrow(ANNA);
        var slow = pool.server.hold();
        var waiter = pool.waiting(ANNA, Lane.INTERACTIVE);

        lent.close();
        waiter.await().close();

        slow.countDown();
        pool.server.awaitOpen(2);
        assertThat(pool.connection(0).open()).isTrue();
    }

    @Test
    void waitsForItsOwnConnectionBeyondTheDeadline() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=1", "borrow-timeout=1ms");
        var slow = pool.server.hold();
        var borrower = pool.waiting(ANNA, Lane.INTERACTIVE);
        // No connection is being opened for the second borrower, so that its deadline applies.
        assertThatThrownBy(() -> pool.borrow(ANNA)).isInstanceOf(ConnectionLimit.class);

        slow.countDown();

        borrower.await().close();
    }

    @Test
    void leavesTheQueueWhenInterrupted() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=1");
        var lent = pool.borrow(ANNA);
        var thrown = new AtomicReference<Throwable>();
        var thread = Thread.ofVirtual().unstarted(() -> pool.borrow(ANNA).close());
        thread.setUncaughtExceptionHandler((_, e) -> thrown.set(e));
        thread.start();
        PoolFixture.until(() -> pool.connections.pool().waiting() == 1);

        thread.interrupt();
        thread.join();

        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        assertThat(pool.connections.pool().waiting()).isZero();
        lent.close();
        pool.borrow(ANNA).close();
    }

    @Test
    void passesOnWhyConnectingFailedAndFreesThePlace() {
        var pool = new PoolFixture("max-connections-per-account=1");
        pool.server.refuse(() -> new ServerUnreachable("refused", null));

        assertThatThrownBy(() -> pool.borrow(ANNA)).isInstanceOf(ServerUnreachable.class);

        pool.borrow(ANNA).close();
    }

    @Test
    void neverRetriesAFailedLogin() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=1");
        pool.server.refuse(() -> new AuthenticationFailed(null));
        var slow = pool.server.hold();
        var first = pool.waiting(ANNA, Lane.INTERACTIVE);
        var behind = pool.waiting(ANNA, Lane.INTERACTIVE);

        slow.countDown();

        assertThatThrownBy(first::await).isInstanceOf(AuthenticationFailed.class);
        assertThatThrownBy(behind::await).isInstanceOf(AuthenticationFailed.class);
        pool.server.awaitAttempt();
        assertThat(pool.server.attempted()).isZero();
    }

    @Test
    void whatALoginNeedsIsGotWithoutAPlaceInThePool() throws Exception {
        var pool = new PoolFixture("max-connections=1");
        var token = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        pool.server.prepareBy(account -> {
            if (account.equals(ANNA)) {
                asked.countDown();
                awaitQuietly(token);
            }
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow = threads.submit(() -> pool.borrow(ANNA).close());
            asked.await();

            pool.borrow(BERT).close();

            token.countDown();
            slow.get();
        }
        assertThat(pool.server.opened()).hasSize(2);
    }

    @Test
    void whatALoginNeedsIsNotGotWhereAConnectionServes() {
        var pool = new PoolFixture("max-connections-per-account=1", "borrow-timeout=1ms");
        var prepared = new AtomicInteger();
        pool.server.prepareBy(_ -> prepared.incrementAndGet());
        pool.borrow(ANNA).close();
        assertThat(prepared).hasValue(1);

        try (var _ = pool.borrow(ANNA)) {
            assertThatThrownBy(() -> pool.borrow(ANNA)).isInstanceOf(ConnectionLimit.class);
        }

        assertThat(prepared).hasValue(1);
    }

    @Test
    void aSignInThatEndedTakesItsConnectionsAlong() throws Exception {
        var pool = new PoolFixture();
        var lent = pool.borrow(ANNA);
        pool.server.prepareBy(_ -> {
            throw new ImapException.SignInEnded();
        });

        assertThatThrownBy(() -> pool.borrow(ANNA)).isInstanceOf(ImapException.SignInEnded.class);

        lent.close();
        pool.server.awaitOpen(0);
    }

    @Test
    void shrinksTheCapWhenTheServerRefuses() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=4");
        var one = pool.borrow(ANNA);
        var two = pool.borrow(ANNA);
        pool.server.refuse(tooMany());

        var third = pool.refused(ANNA);
        one.close();
        var again = third.await();

        assertThat(pool.connection(0).open()).isTrue();
        var fourth = pool.waiting(ANNA, Lane.INTERACTIVE);
        assertThat(pool.count(PoolEntry.State.CONNECTING)).isZero();
        again.close();
        fourth.await();
        two.close();
        assertThat(pool.server.opened()).hasSize(2);
    }

    @Test
    void growsTheCapAgainOneByOne() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=4", "refusal-pause=1m");
        var _ = pool.borrow(ANNA);
        pool.server.refuse(tooMany());
        var second = pool.refused(ANNA);
        var third = pool.waiting(ANNA, Lane.INTERACTIVE);

        pool.pass(Duration.ofMinutes(1));
        pool.connections.pool().sweep();
        second.await();
        assertThat(third.served()).isFalse();
        pool.pass(Duration.ofMinutes(1));
        pool.connections.pool().sweep();
        third.await();

        assertThat(pool.server.opened()).hasSize(3);
    }

    @Test
    void passesOnTheRefusalWhenTheAccountHasNoOtherConnection() {
        var pool = new PoolFixture();
        pool.server.refuse(tooMany());

        assertThatThrownBy(() -> pool.borrow(ANNA))
                .isInstanceOfSatisfying(
                        ConnectionLimit.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(77)));
    }

    private static Supplier<ImapException> tooMany() {
        return () -> new ConnectionLimit(Duration.ofSeconds(77), null);
    }

    @Test
    void makesRoomByClosingTheLeastRecentlyUsedIdleConnectionOfAnotherAccount() throws Exception {
        var pool = new PoolFixture("max-connections=2");
        var annas = pool.borrow(ANNA);
        pool.borrow(BERT).close();
        annas.close();
        var cleo = account("mail.example.net", "cleo", "secret");

        pool.borrow(cleo).close();

        assertThat(pool.connection(1).commands()).containsExactly("LOGOUT");
        assertThat(pool.connection(0).open()).isTrue();
        assertThat(pool.server.mostOpen()).isEqualTo(2);
        assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(1);
    }

    @Test
    void makesRoomAtTheSameServerWhenThatIsWhatIsFull() {
        var pool = new PoolFixture("max-connections-per-server=1");
        var elsewhere = account("mail.example.net", "cleo", "secret");
        pool.borrow(elsewhere).close();
        pool.borrow(ANNA).close();

        pool.borrow(BERT).close();

        assertThat(pool.connection(0).open()).isTrue();
        assertThat(pool.connection(1).open()).isFalse();
    }

    @Test
    void waitsForRoomThatOthersTakeUp() throws Exception {
        var pool = new PoolFixture("max-connections=1");
        var annas = pool.borrow(ANNA);
        var berts = pool.waiting(BERT, Lane.INTERACTIVE);

        annas.close();

        berts.await().close();
        assertThat(pool.server.mostOpen()).isEqualTo(1);
    }

    @Test
    void anAccountWithNothingGoesBeforeTheSecondConnectionOfAnother() throws Exception {
        var pool = new PoolFixture("max-connections=2");
        var one = pool.borrow(ANNA);
        var _ = pool.borrow(ANNA);
        var annas = pool.waiting(ANNA, Lane.INTERACTIVE);
        var berts = pool.waiting(BERT, Lane.INTERACTIVE);

        one.close();

        berts.await().close();
        annas.await().close();
    }

    @Test
    void forgetsAccountsThatHaveNoConnectionsLeft() throws Exception {
        var pool = new PoolFixture("idle-timeout=5m");
        pool.borrow(ANNA).close();
        pool.pass(Duration.ofMinutes(5));

        pool.connections.pool().sweep();
        pool.connection(0).awaitEnd();
        PoolFixture.until(() -> pool.count(PoolEntry.State.CLOSING) == 0);

        assertThat(pool.connections.pool().accounts()).isZero();
    }

    @Test
    void closesAConnectionInDoubt() {
        var pool = new PoolFixture();
        var lent = pool.borrow(ANNA);
        pool.connection(0).die();
        assertThatThrownBy(() -> lent.list(false)).isInstanceOf(ImapException.ConnectionLost.class);

        lent.close();
        pool.borrow(ANNA).close();

        assertThat(pool.connection(0).open()).isFalse();
        assertThat(pool.server.opened()).hasSize(2);
        assertThat(pool.closed(CloseReason.IN_DOUBT)).isEqualTo(1);
    }

    @Test
    void givesBackOnceHoweverOftenItIsClosed() {
        var pool = new PoolFixture("max-connections-per-account=1");
        var lent = pool.borrow(ANNA);
        lent.close();
        var next = pool.borrow(ANNA);

        lent.close();

        assertThat(pool.count(PoolEntry.State.LENT)).isEqualTo(1);
        assertThatThrownBy(() -> lent.list(false)).isInstanceOf(IllegalStateException.class);
        next.close();
    }

    @Test
    void givesBackAConnectionWhoseMailboxCannotBeSelected() {
        var pool = new PoolFixture();
        pool.borrow(ANNA).close();
        pool.connection(0).die();
        pool.server.refuse(() -> new ServerUnreachable("gone", null));

        assertThatThrownBy(() -> pool.select(ANNA, INBOX)).isInstanceOf(ServerUnreachable.class);

        assertThat(pool.count(PoolEntry.State.LENT)).isZero();
    }

    @Test
    void closesWhatNobodyBorrowsForLong() throws Exception {
        var pool = new PoolFixture("idle-timeout=5m");
        pool.borrow(ANNA).close();
        pool.pass(Duration.ofMinutes(4));
        pool.connections.pool().sweep();
        assertThat(pool.connection(0).open()).isTrue();

        pool.pass(Duration.ofMinutes(1));
        pool.connections.pool().sweep();

        pool.connection(0).awaitEnd();
        assertThat(pool.connection(0).commands()).containsExactly("LOGOUT");
        assertThat(pool.closed(CloseReason.IDLE)).isEqualTo(1);
    }

    @Test
    void closesWhatLivedLongEnoughWhenItComesBack() throws Exception {
        var pool = new PoolFixture("max-lifetime=1h");
        var lent = pool.connections.borrow(ANNA, Lane.BULK);
        pool.pass(Duration.ofMinutes(53));
        pool.connections.pool().sweep();
        lent.close();
        assertThat(pool.connection(0).open()).isTrue();

        pool.pass(Duration.ofMinutes(14)); // 67 minutes in total: more than an hour plus 10 %
        pool.connections.pool().sweep();

        pool.connection(0).awaitEnd();
        assertThat(pool.closed(CloseReason.LIFETIME)).isEqualTo(1);
    }

    @Test
    void takesBackWhatAnInteractiveBorrowerForgot() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=2", "max-lease=5m");
        var forgotten = pool.borrow(ANNA);
        var download = pool.connections.borrow(ANNA, Lane.BULK);
        var waiter = pool.waiting(ANNA, Lane.INTERACTIVE);

        pool.pass(Duration.ofMinutes(5));
        pool.connections.pool().sweep();
        waiter.await().close();

        assertThat(pool.connection(0).open()).isFalse();
        assertThat(pool.connection(1).open()).isTrue();
        assertThatThrownBy(() -> forgotten.list(false))
                .isInstanceOf(ImapException.ConnectionLost.class);
        forgotten.close();
        download.close();
        assertThat(pool.count(PoolEntry.State.IDLE)).isEqualTo(2);
        assertThat(pool.closed(CloseReason.LEASE)).isEqualTo(1);
    }

    @Test
    void aTransferLeavesProcessorsAndLineToThoseWhoWaitForAnswers() {
        var pool = new PoolFixture("transfer-rate-beside-others=10MB");
        int tenthOfASecond = 1 << 20;

        var download = pool.connections.borrow(ANNA, Lane.BULK);
        assertThat(pool.connections.pool().pauseAfter(tenthOfASecond)).isZero();

        var answer = pool.borrow(BERT);
        assertThat(pool.connections.pool().pauseAfter(tenthOfASecond)).isEqualTo(100_000_000);

        answer.close();
        assertThat(pool.connections.pool().pauseAfter(tenthOfASecond)).isZero();
        download.close();
    }

    @Test
    void aTransferDoesNotRestForABorrowerWhoIsTakenForLost() {
        var pool = new PoolFixture("max-lease=1m");
        var _ = pool.borrow(BERT);

        pool.pass(Duration.ofMinutes(1));
        pool.connections.pool().sweep();

        assertThat(pool.connections.pool().pauseAfter(1_000_000)).isZero();
    }

    @Test
    void retiresWhatWasOpenedWithThatCredentialAlone() throws Exception {
        var pool = new PoolFixture();
        var otherPassword = account("mail.example.org", "anna", "token");
        var lent = pool.borrow(ANNA);
        pool.borrow(ANNA).close();
        pool.borrow(otherPassword).close();

        pool.connections.retire(ANNA);

        pool.connection(1).awaitEnd();
        assertThat(pool.connection(0).open()).isTrue();
        lent.close();
        pool.connection(0).awaitEnd();
        assertThat(pool.connection(2).open()).isTrue();
        assertThat(pool.closed(CloseReason.RETIRED)).isEqualTo(2);
    }

    @Test
    void logsOutOnShutdown() throws Exception {
        var pool = new PoolFixture("max-connections-per-account=1", "shutdown-grace=10s");
        pool.connections.start();
        pool.borrow(ANNA).close();
        var lent = pool.borrow(BERT);
        var waiter = pool.waiting(BERT, Lane.INTERACTIVE);
        var stop = Thread.ofVirtual().start(pool.connections::stop);
        assertThatThrownBy(waiter::await).isInstanceOf(ServerUnavailable.class);

        lent.close();
        stop.join();

        assertThat(pool.connection(0).commands()).containsExactly("LOGOUT");
        assertThat(pool.connection(1).commands()).containsExactly("LOGOUT");
        assertThatThrownBy(() -> pool.borrow(ANNA)).isInstanceOf(ServerUnavailable.class);
        assertThat(pool.connections.isRunning()).isFalse();
    }

    @Test
    void abortsWhatIsStillLentAfterTheGracePeriod() {
        var pool = new PoolFixture("shutdown-grace=1ms");
        pool.connections.start();
        var lent = pool.borrow(ANNA);
        pool.borrow(BERT).close();
        pool.connection(1).fallSilent();

        pool.connections.stop();

        assertThat(pool.server.openNow()).isZero();
        assertThat(pool.connections.pool().accounts()).isZero();
        lent.close();
    }

    @Test
    void closesAConnectionThatOpensAfterTheShutdown() throws Exception {
        var pool = new PoolFixture("shutdown-grace=1ms");
        pool.connections.start();
        var slow = pool.server.hold();
        var borrower = pool.waiting(ANNA, Lane.INTERACTIVE);

        pool.connections.stop();
        slow.countDown();

        assertThatThrownBy(borrower::await).isInstanceOf(ServerUnavailable.class);
        pool.server.awaitOpened(1);
        pool.connection(0).awaitEnd();
    }

    @Test
    void opensNoMoreConnectionsThanTheProviderPermits() {
        var pool = new PoolFixture("max-connections-per-account=20", "borrow-timeout=1ms");
        var account = account("IMAP.mail.yahoo.com", "anna", "secret");

        var lent = Stream.generate(() -> pool.borrow(account)).limit(5).toList();

        assertThatThrownBy(() -> pool.borrow(account)).isInstanceOf(ConnectionLimit.class);
        lent.forEach(ImapConnection::close);
    }

    @Test
    void keepsNoConnectionAsLongAsTheProviderEndsIt() throws InterruptedException {
        var pool = new PoolFixture("max-lifetime=10h", "idle-timeout=10h");
        pool.borrow(account("imap.gmail.com", "anna", "secret")).close();
        pool.borrow(ANNA).close();

        pool.pass(Duration.ofMinutes(54));
        pool.connections.pool().sweep();

        pool.connection(0).awaitEnd();
        assertThat(pool.connection(1).open()).isTrue();
    }

    @Test
    void startsAndStopsWithTheService() {
        var server = new InMemoryConnector();

        new ApplicationContextRunner()
                .withBean(ImapConnector.class, () -> server)
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(PoolProperties.class, PoolFixture::properties)
                .withBean(MailServers.class, () -> PoolFixture.SERVERS)
                .withBean(LocatedMailboxes.class, PoolFixture::located)
                .withBean(SharedState.class, () -> new InMemorySharedState(InstantSource.system()))
                .withBean(OwnChanges.class)
                .withBean(LoginHashes.class, () -> new LoginHashes())
                .withUserConfiguration(PooledConnections.class)
                .run(context -> {
                    assertThat(context.getBean(PooledConnections.class).isRunning()).isTrue();
                    context.getBean(ImapConnections.class).borrow(ANNA, Lane.INTERACTIVE).close();
                });

        assertThat(server.opened().getFirst().commands()).containsExactly("LOGOUT");
    }

    @Test
    void countsConnectionsByState() {
        var pool = new PoolFixture();
        pool.borrow(ANNA).close();
        var lent = pool.borrow(BERT);

        assertThat(connections(pool, "idle")).isEqualTo(1);
        assertThat(connections(pool, "lent")).isEqualTo(1);
        assertThat(borrows(pool, "opened")).isEqualTo(2);
        lent.close();
        pool.borrow(BERT).close();
        assertThat(connections(pool, "idle")).isEqualTo(2);
        assertThat(borrows(pool, "reused")).isEqualTo(1);
        assertThat(pool.meters.timer("postern.imap.connect", "outcome", "ok").count()).isEqualTo(2);
    }

    @Test
    void countsFailuresByTheirKind() {
        var pool = new PoolFixture();
        pool.server.refuse(() -> new AuthenticationFailed(null));

        assertThatThrownBy(() -> pool.borrow(ANNA)).isInstanceOf(AuthenticationFailed.class);

        assertThat(borrows(pool, "authentication-failed")).isEqualTo(1);
    }

    private static double connections(PoolFixture pool, String state) {
        return pool.meters.get("postern.imap.connections").tag("state", state).gauge().value();
    }

    private static long borrows(PoolFixture pool, String outcome) {
        return pool.meters
                .get("postern.imap.borrow")
                .tags("lane", "interactive", "outcome", outcome)
                .timer()
                .count();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
