package postern.imap.pool;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.imap.SelectedMailbox;
import postern.provider.MailServers;
import postern.shared.InMemorySharedState;
import postern.shared.SharedState;

/** A pool on a mail server in memory, with a clock set by the test. */
final class PoolFixture {

    static final Account ANNA = account("mail.example.org", "anna", "secret");
    static final Account BERT = account("mail.example.org", "bert", "secret");
    static final MailboxName INBOX = MailboxName.INBOX;
    static final MailboxName SENT = MailboxName.of("Sent");

    static final MailServers SERVERS =
            MailServers.only(new ImapServer("mail.example.org", 993, Security.TLS));

    private static final Executor BORROWERS = Executors.newVirtualThreadPerTaskExecutor();

    final InMemoryConnector server;
    final MockClock clock = new MockClock();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    final OwnChanges changes = new OwnChanges();
    final PooledConnections connections;

    /** Properties such as {@code max-connections=3}; all others have their defaults. */
    PoolFixture(String... properties) {
        server = new InMemoryConnector();
        var state = new InMemorySharedState(() -> Instant.ofEpochMilli(clock.wallTime()));
        connections = connections(state, new LoginHashes(), PlacePatience.USUAL, properties);
    }

    /** One replica of several, which waits for a place for as long as the test takes. */
    PoolFixture(
            InMemoryConnector server, SharedState state, LoginHashes logins, String... properties) {
        this(server, state, logins, Integer.MAX_VALUE, properties);
    }

    /** One replica of several, which asks for a place so often. */
    PoolFixture(
            InMemoryConnector server,
            SharedState state,
            LoginHashes logins,
            int tries,
            String... properties) {
        this.server = server;
        var patience = new PlacePatience(tries, Duration.ofMillis(5));
        connections = connections(state, logins, patience, properties);
    }

    private PooledConnections connections(
            SharedState state, LoginHashes logins, PlacePatience patience, String... properties) {
        return new PooledConnections(
                server,
                properties(properties),
                SERVERS,
                state,
                logins,
                located(),
                changes,
                meters,
                patience);
    }

    static LocatedMailboxes located() {
        return new LocatedMailboxes(new LocatedMailboxesProperties(DataSize.ofMegabytes(1)));
    }

    static PoolProperties properties(String... properties) {
        var prefixed =
                Arrays.stream(properties)
                        .map(property -> property.split("=", 2))
                        .collect(Collectors.toMap(p -> "postern.imap.pool." + p[0], p -> p[1]));
        return new Binder(new MapConfigurationPropertySource(Map.copyOf(prefixed)))
                .bindOrCreate("postern.imap.pool", PoolProperties.class);
    }

    static Account account(String host, String user, String password) {
        return new Account(new ImapServer(host, 993, Security.TLS), user, new Password(password));
    }

    ImapConnection borrow(Account account) {
        return connections.borrow(account, Lane.INTERACTIVE);
    }

    SelectedMailbox select(Account account, MailboxName mailbox) {
        return connections.select(account, mailbox, Access.READ_ONLY, Lane.INTERACTIVE);
    }

    /** Borrows in another thread; returns once that thread waits. */
    Borrower waiting(Account account, Lane lane) {
        int before = connections.pool().waiting();
        var borrower = started(() -> connections.borrow(account, lane));
        until(() -> connections.pool().waiting() > before);
        return borrower;
    }

    /**
     * Like {@link #waiting}, for a borrower whose own connection is refused before it continues to
     * wait.
     */
    Borrower refused(Account account) {
        var borrower = waiting(account, Lane.INTERACTIVE);
        until(() -> count(PoolEntry.State.CONNECTING) == 0);
        return borrower;
    }

    /** Waits until the condition holds, for actions of other threads. */
    static void until(BooleanSupplier claim) {
        while (!claim.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("waited in vain");
            }
            Thread.yield();
        }
    }

    private static Borrower started(Supplier<ImapConnection> borrow) {
        return new Borrower(CompletableFuture.supplyAsync(borrow, BORROWERS));
    }

    /** A borrower that waits in another thread. */
    record Borrower(CompletableFuture<ImapConnection> connection) {

        boolean served() {
            return connection.isDone();
        }

        ImapConnection await() throws InterruptedException {
            try {
                return connection.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException failure
                        ? failure
                        : new IllegalStateException(e);
            }
        }
    }

    /** The n-th connection opened, from 0. */
    InMemoryConnection connection(int n) {
        return server.opened().get(n);
    }

    void pass(Duration time) {
        clock.add(time);
    }

    int count(PoolEntry.State state) {
        return connections.pool().count(state);
    }

    double closed(CloseReason reason) {
        return meters.counter("postern.imap.connections.closed", "reason", reason.tag()).count();
    }
}
