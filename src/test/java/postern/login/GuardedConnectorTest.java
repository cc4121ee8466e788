package postern.login;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.Credential;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.PoolableConnection;
import postern.provider.MailServers;
import postern.shared.InMemorySharedState;

/** How often a mail server is asked about passwords. */
@Timeout(20)
class GuardedConnectorTest {

    private static final int MOST = 6;

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void guessesAtTheSameTimeAreNoWayAround() throws Exception {
        var all = new CountDownLatch(MOST);
        var guarded =
                guard(
                        Duration.ZERO,
                        _ -> {
                            asked.incrementAndGet();
                            all.countDown();
                            await(all);
                            throw new ImapException.AuthenticationFailed(null);
                        });

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var guesses =
                    IntStream.range(0, 100)
                            .mapToObj(i ->
                                    threads.submit(
                                            () -> guarded.connect(user(new Password("p" + i)))))
                            .toList();

            assertThat(guesses.stream().map(GuardedConnectorTest::failure))
                    .filteredOn(ImapException.TooManyLogins.class::isInstance)
                    .hasSize(100 - MOST);
        }
        assertThat(asked).hasValue(MOST);
    }

    @Test
    void whatIsNotThePasswordsFaultIsNotCounted() {
        var guarded =
                guard(
                        Duration.ZERO,
                        _ -> {
                            asked.incrementAndGet();
                            throw new ImapException.ServerUnreachable("x", null);
                        });

        for (int i = 0; i < 3 * MOST; i++) {
            assertThatThrownBy(() -> guarded.connect(user(new Password("p"))))
                    .isInstanceOf(ImapException.ServerUnreachable.class);
        }
        assertThat(asked).hasValue(3 * MOST);
    }

    /** The pool remembers tokens that were refused. */
    @Test
    void accessTokensAreNotCounted() {
        var guarded = guard(Duration.ZERO, this::refuse);

        for (int i = 0; i < 3 * MOST; i++) {
            var token = AccessToken.of("t" + i, null);
            assertThatThrownBy(() -> guarded.connect(user(token)))
                    .isInstanceOf(ImapException.AuthenticationFailed.class);
        }
    }

    @Test
    void theTimeOfARefusalIsRounded() {
        var guarded = guard(Duration.ofMillis(200), this::refuse);
        long started = System.nanoTime();

        assertThatThrownBy(() -> guarded.connect(user(new Password("p"))))
                .isInstanceOf(ImapException.AuthenticationFailed.class);

        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isGreaterThan(Duration.ofMillis(199));
    }

    private PoolableConnection refuse(Account account) {
        asked.incrementAndGet();
        throw new ImapException.AuthenticationFailed(null);
    }

    private static GuardedConnector guard(Duration refusalTime, ImapConnector server) {
        var properties = new LoginProperties(MOST, 100, Duration.ofHours(10), refusalTime);
        var hashes = new LoginHashes();
        var budgets = new SharedBudgets(new InMemorySharedState(InstantSource.system()), hashes);
        var servers = MailServers.only(new ImapServer("imap.example.org", 993, Security.TLS));
        return new GuardedConnector(
                server, new FailedLogins(hashes, budgets, properties, servers), properties);
    }

    private static Account user(Credential credential) {
        return new Account(
                new ImapServer("imap.example.org", 993, Security.TLS), "anne", credential);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Throwable failure(Future<?> guess) {
        try {
            guess.get();
        } catch (ExecutionException e) {
            return requireNonNull(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("a guess was right");
    }
}
