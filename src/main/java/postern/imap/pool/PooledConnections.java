package postern.imap.pool;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.LoginHashes;
import postern.imap.Access;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.OwnChanges;
import postern.imap.SelectedMailbox;
import postern.provider.MailServers;
import postern.shared.SharedState;

/** Lends connections from the one pool of this process. */
@Component
final class PooledConnections implements ImapConnections, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PooledConnections.class);
    private static final int SECONDS_BETWEEN_SWEEPS = 1;

    /** Fewer visits are faster in the flush that is sent anyway. */
    private static final int VISITS_WORTH_A_CONNECTION = 4;

    private static final Duration FOREVER = Duration.ofDays(1_000);

    private final ConnectionPool pool;
    private @Nullable ScheduledExecutorService sweeper;
    private @Nullable ScheduledExecutorService teller;
    private int round;

    @Autowired
    PooledConnections(
            ImapConnector connector,
            PoolProperties properties,
            MailServers servers,
            SharedState state,
            LoginHashes logins,
            LocatedMailboxes located,
            OwnChanges changes,
            MeterRegistry meters) {
        this(
                connector,
                properties,
                servers,
                state,
                logins,
                located,
                changes,
                meters,
                PlacePatience.USUAL);
    }

    PooledConnections(
            ImapConnector connector,
            PoolProperties properties,
            MailServers servers,
            SharedState state,
            LoginHashes logins,
            LocatedMailboxes located,
            OwnChanges changes,
            MeterRegistry meters,
            PlacePatience patience) {
        pool =
                new ConnectionPool(
                        connector,
                        properties,
                        servers,
                        state,
                        logins,
                        located,
                        changes,
                        new PoolMetrics(meters),
                        patience);
    }

    @Override
    public ImapConnection borrow(Account account, Lane lane) {
        return new LeasedConnection(lease(account, lane, null));
    }

    @Override
    public void logIn(Account account) {
        pool.giveBack(pool.borrowFresh(account));
    }

    @Override
    public Map<MailboxName, MailboxName> locate(Account account, Set<MailboxName> mailboxes) {
        return locate(account, mailboxes, FOREVER);
    }

    @Override
    public MailboxName locate(Account account, MailboxName mailbox, Duration age) {
        return locate(account, Set.of(mailbox), age).getOrDefault(mailbox, mailbox);
    }

    private Map<MailboxName, MailboxName> locate(
            Account account, Set<MailboxName> mailboxes, Duration age) {
        var located = new HashMap<MailboxName, MailboxName>();
        var unknown = new HashMap<String, MailboxName>();
        for (var mailbox : mailboxes) {
            var id = mailbox.id();
            if (id == null) {
                located.put(mailbox, mailbox);
                continue;
            }
            var known = pool.located().find(account, id, age);
            located.put(mailbox, known == null ? MailboxName.ofId(id) : known);
            if (known == null) {
                unknown.put(id, mailbox);
            }
        }
        if (!unknown.isEmpty()) {
            try (var lease = lease(account, Lane.INTERACTIVE, null)) {
                for (var listed : lease.listed()) {
                    var name = listed.name();
                    if (name.id() != null && unknown.containsKey(name.id())) {
                        located.put(unknown.get(name.id()), name);
                    }
                }
            }
        }
        return located;
    }

    @Override
    public SelectedMailbox select(Account account, MailboxName wanted, Access access, Lane lane) {
        var mailbox = wanted.located() ? wanted : locate(account, wanted);
        new TokenView(account).require(mailbox);
        var lease = lease(account, lane, new MailboxSelection(mailbox, access));
        try {
            return LeasedMailbox.endingLease(lease, mailbox, access);
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    @Override
    public List<MailboxOutcome<ExaminedMailbox>> visit(
            Account account, List<ExamineRequest> visits) {
        new TokenView(account).requireVisits(visits);
        return new ParallelMailboxTask<ExamineRequest, MailboxOutcome<ExaminedMailbox>>(
                        pool, account, visits, VISITS_WORTH_A_CONNECTION, ImapConnection::visit)
                .run();
    }

    @Override
    public <T> List<MailboxOutcome<T>> each(
            Account account,
            List<MailboxName> mailboxes,
            Access access,
            Function<SelectedMailbox, T> work) {
        new TokenView(account).requireReached(mailboxes);
        return new ParallelMailboxTask<MailboxName, MailboxOutcome<T>>(
                        pool,
                        account,
                        mailboxes,
                        1,
                        (connection, names) ->
                                names.stream()
                                        .map(name -> attempt(connection, name, access, work))
                                        .toList())
                .run();
    }

    private static <T> MailboxOutcome<T> attempt(
            ImapConnection connection,
            MailboxName name,
            Access access,
            Function<SelectedMailbox, T> work) {
        try (var mailbox = connection.select(name, access)) {
            return new MailboxOutcome.Done<>(name, work.apply(mailbox));
        } catch (ImapException refusal) {
            return switch (refusal) {
                case ImapException.MailboxNotFound _,
                        ImapException.OutOfScope _,
                        ImapException.PermissionDenied _,
                        ImapException.MailboxInUse _,
                        ImapException.MailboxReset _,
                        ImapException.MessageNotFound _,
                        ImapException.NotPossible _ ->
                        new MailboxOutcome.Refused<>(name, refusal);
                default -> throw refusal;
            };
        }
    }

    @Override
    public void retire(Account account) {
        pool.retire(account);
    }

    @Override
    public synchronized void start() {
        pool.start();
        sweeper =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("imap-pool-sweep").factory());
        sweeper.scheduleWithFixedDelay(
                this::sweep, SECONDS_BETWEEN_SWEEPS, SECONDS_BETWEEN_SWEEPS, TimeUnit.SECONDS);
        // apart: a round of many accounts, or of a slow store, takes seconds
        teller =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("imap-pool-places").factory());
        long pause = SharedPlaces.PAUSE.toMillis();
        teller.scheduleWithFixedDelay(this::tellPlaces, pause, pause, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void stop() {
        if (sweeper != null) {
            sweeper.shutdownNow();
            sweeper = null;
            if (teller != null) {
                teller.shutdownNow();
                teller = null;
            }
            pool.stop();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return sweeper != null;
    }

    /** Stops after the web server, so that the last requests still find their connections. */
    @Override
    public int getPhase() {
        return 0;
    }

    ConnectionPool pool() {
        return pool;
    }

    private Lease lease(Account account, Lane lane, @Nullable MailboxSelection wanted) {
        return new Lease(pool, account, pool.borrow(account, lane, wanted));
    }

    private void sweep() {
        try {
            pool.sweep();
        } catch (RuntimeException e) {
            // otherwise the sweep would not be scheduled again
            log.error("sweeping the pool failed", e);
        }
    }

    private void tellPlaces() {
        try {
            pool.tellPlaces(round++);
        } catch (RuntimeException e) {
            log.error("telling other replicas of the connections failed", e);
        }
    }
}
