package postern.imap.pool;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.OriginatingAddress;
import postern.imap.OwnChanges;
import postern.imap.PoolableConnection;
import postern.imap.RefusedTokens;
import postern.provider.MailServers;
import postern.shared.Places;
import postern.shared.SharedState;
import postern.trace.RequestTrace;
import postern.trace.Step;

/**
 * All connections to mail servers, and the borrowers that wait for them.
 *
 * <h2>The states of an entry</h2>
 *
 * <pre>
 *               connected, and its borrower still waits
 *  CONNECTING ─────────────────────────────────────────► LENT ────┐
 *    │   │      connected, but its waiter has left      ▲   │      │ retired, too old, or its lease
 *    │   └────────────────────────────────► IDLE ───────┘   │      │ was never closed
 *    │ connecting failed                  │  │  ▲   lent     │      │
 *    │                                    │  │  └────────────┤      │
 *    │         another needs its slot     │  │      returned │      │
 *    │             ┌──────────────────────┘  │               │      │
 *    │             ▼     idle or alive for   ▼               │      │
 *    │          EVICTED  too long, retired,  CLOSING ◄───────┼──────┘
 *    │             │     shutdown            │               │
 *    │             │ LOGOUT sent, or waited  │               │ returned, unusable
 *    ▼             ▼ for it long enough      ▼               ▼
 *   GONE ◄───────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The limits cover every connection that the mail server may still count. An entry that is not
 * GONE takes a slot of its account and, unless it is EVICTED, one slot of its server and one of the
 * total. The server and total slots of an evicted connection pass at once to the entry that needs
 * them; the thread that opens the new connection first sends LOGOUT on the evicted one.
 *
 * <h2>Who changes the state</h2>
 *
 * <p>A borrower joins the queue of its account as a {@link Waiter}. {@link #serve} is called
 * whenever something changes for that account: a borrower joined, returned a connection, failed or
 * left. It goes through the waiters in order of arrival, skips those whose lane has used up its
 * share, and lends each the idle connection that suits it best. Without an idle connection it opens
 * one, in a thread of its own; the waiter gets that one or one that is returned earlier. Without a
 * free slot it evicts the connection that has been idle longest: one of the account when the
 * account is full (opened with another credential, or it would have been lent), one of that server
 * when the server is full, one of any account when the total is reached. When none is idle, the
 * account joins {@link #starved}, a queue that is served whenever a slot or an idle connection
 * becomes available. An entry is never lent to a waiter with another credential, unless that is an
 * access token of the same session.
 *
 * <p>Where replicas share a store, an entry that is being opened first gets a place among the
 * connections of its account in all of them ({@link SharedPlaces}); those that are idle are closed
 * when another replica needs their places.
 *
 * <p>A lease changes the state of its own entry: it returns the entry to the pool, or replaces the
 * connection when it turns out to be dead ({@link Lease}). The sweep closes connections that were
 * idle or open for too long, and takes away those that interactive borrowers failed to return.
 *
 * <h2>Thread safety</h2>
 *
 * <p>The pool's monitor guards everything here and in {@link AccountPool}, {@link
 * ConnectionLimits}, {@link PoolEntry} and {@link Waiter} (whose answer is a future, so that
 * waiting for it does not need the monitor). One monitor for all accounts is enough: under it there
 * are only look-ups and short loops over a few entries, never I/O. It keeps limits across accounts,
 * and the removal of accounts without entries and waiters, simple. Connecting, LOGOUT and abort
 * happen outside the monitor.
 *
 * <p>A connection belongs to one thread at a time: to the one that connects, then to the borrower,
 * and to the pool while it is idle; the pool then only asks for its selected mailbox. Every change
 * of ownership passes through the monitor, so that each owner sees what the previous one did. Only
 * abort may be called from any thread.
 */
final class ConnectionPool {

    private static final Logger log = LoggerFactory.getLogger(ConnectionPool.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ImapConnector connector;
    private final PoolProperties properties;
    private final MailServers servers;
    private final LocatedMailboxes located;
    private final OwnChanges changes;
    private final PoolMetrics metrics;
    private final LoginHashes logins;
    private final RefusedTokens refusedTokens;
    private final SharedPlaces places;
    private final PlacePatience patience;
    private final Map<AccountKey, AccountPool> accounts = new HashMap<>();
    private final Set<AccountPool> starved = new LinkedHashSet<>();
    private final OutageLog outages = new OutageLog();
    private final ConnectionLimits limits;
    private boolean stopped;

    ConnectionPool(
            ImapConnector connector,
            PoolProperties properties,
            MailServers servers,
            SharedState state,
            LoginHashes logins,
            LocatedMailboxes located,
            OwnChanges changes,
            PoolMetrics metrics,
            PlacePatience patience) {
        this.patience = patience;
        this.connector = connector;
        this.properties = properties;
        this.servers = servers;
        this.located = located;
        this.changes = changes;
        this.metrics = metrics;
        this.logins = logins;
        this.places = new SharedPlaces(state, logins, this::demand, this::permitted);
        this.refusedTokens = new RefusedTokens(logins, state, metrics::wallTime);
        this.limits =
                new ConnectionLimits(
                        properties.maxConnectionsPerServer(),
                        properties.maxConnections(),
                        servers::namedByCaller,
                        servers.maxConnectionsNamedByCallers());
        metrics.watch(this);
    }

    LocatedMailboxes located() {
        return located;
    }

    OwnChanges changes() {
        return changes;
    }

    /** Waits for a connection; {@link #giveBack} ends the loan. */
    PoolEntry borrow(Account account, Lane lane, @Nullable MailboxSelection wanted) {
        var fingerprint = fingerprint(account);
        return borrow(new Waiter(account, fingerprint, lane, wanted));
    }

    /**
     * Like {@link #borrow}, but always a new connection, whose login the mail server has just
     * accepted.
     */
    PoolEntry borrowFresh(Account account) {
        return borrow(Waiter.forFresh(account, fingerprint(account)));
    }

    private PoolEntry borrow(Waiter waiter) {
        refusedTokens.check(waiter.account());
        var sample = metrics.start();
        long started = System.nanoTime();
        try {
            prepare(waiter);
            enqueue(waiter);
            var entry = await(waiter);
            borrowed(waiter, sample, started, outcome(entry));
            return entry;
        } catch (RuntimeException e) {
            borrowed(waiter, sample, started, PoolMetrics.outcome(e));
            throw e;
        }
    }

    private void borrowed(Waiter waiter, Timer.Sample sample, long started, String outcome) {
        metrics.borrowed(sample, waiter.lane(), outcome);
        trace(waiter, started, outcome);
    }

    private static String outcome(PoolEntry lent) {
        return lent.idledBefore() ? "reused" : "opened";
    }

    private static void trace(Waiter waiter, long started, String outcome) {
        var trace = waiter.trace();
        if (trace != null) {
            var host = waiter.account().server().host();
            trace.ended(Step.ended(Step.Kind.BORROW, host, outcome, 0, started));
        }
    }

    /**
     * Has the connector get what a login needs, before the connection takes a slot: an
     * authorization server that is slow does not take up the connections of other accounts.
     */
    private void prepare(Waiter waiter) {
        if (mayReuse(waiter)) {
            return;
        }
        try {
            connector.prepare(waiter.account());
        } catch (RuntimeException e) {
            refused(waiter.account(), e);
            throw e;
        }
    }

    private synchronized boolean mayReuse(Waiter waiter) {
        var account = accounts.get(AccountKey.of(waiter.account()));
        return account != null
                && !waiter.wantsFresh()
                && (account.full(metrics.now()) || account.bestFor(waiter) != null);
    }

    /**
     * Lends an additional interactive connection to a borrower that already has one; null when
     * other borrowers of the account would have to wait.
     */
    @Nullable PoolEntry borrowSpare(Account account) {
        var waiter = new Waiter(account, fingerprint(account), Lane.INTERACTIVE, null);
        long started = System.nanoTime();
        if (!enqueueSpare(waiter)) {
            return null;
        }
        try {
            var entry = await(waiter);
            trace(waiter, started, outcome(entry));
            return entry;
        } catch (RuntimeException e) {
            trace(waiter, started, PoolMetrics.outcome(e));
            throw e;
        }
    }

    /** Upper bound on the connections that one task may use at the same time. */
    int maxParallel() {
        return Math.max(1, properties.maxConnectionsPerAccount() - 1);
    }

    /**
     * How long a transfer must pause after this many octets, in nanoseconds: 0 unless interactive
     * commands are running. The pause leaves CPU and bandwidth to them; they have connections of
     * their own.
     */
    long pauseAfter(int octets) {
        long rate = properties.transferRateBesideOthers().toBytes();
        return limits.lentInteractive() > 0 ? octets * TimeUnit.SECONDS.toNanos(1) / rate : 0;
    }

    /** Ends a loan; does nothing when the pool has already taken the connection away. */
    void giveBack(PoolEntry entry) {
        boolean usable = entry.connection().usable();
        if (!usable) {
            entry.connection().abort();
        }
        returned(entry, usable);
    }

    /** Replaces a dead connection by a fresh one, on the borrower's own thread. */
    void renew(PoolEntry entry, Account account) {
        entry.connection().abort();
        entry.connection().answersReleased();
        var fresh = connect(account);
        if (!replaced(entry, fresh, fingerprint(account))) {
            fresh.abort();
            throw new ImapException.ConnectionLost("the connection was taken away", null);
        }
        metrics.closed(CloseReason.LOST);
    }

    /** Whether the connection was unused for so long that the server may have dropped it. */
    boolean idleForLong(PoolEntry entry) {
        return entry.sinceIdle(metrics.now()) >= properties.probeAfter().toNanos();
    }

    /**
     * Closes the connections that were opened with this credential, or with one that it replaced or
     * that replaced it: idle ones at once, lent ones when they are returned.
     */
    synchronized void retire(Account account) {
        var pool = accounts.get(AccountKey.of(account));
        if (pool != null) {
            var fingerprint = fingerprint(account);
            retire(pool, entry -> entry.opensFor(fingerprint));
        }
    }

    private CredentialFingerprint fingerprint(Account account) {
        return CredentialFingerprint.of(account, logins);
    }

    private void retire(AccountPool pool, Predicate<PoolEntry> which) {
        for (var entry : List.copyOf(pool.entries())) {
            if (which.test(entry)) {
                entry.retire();
                if (entry.is(PoolEntry.State.IDLE)) {
                    logOut(entry, CloseReason.RETIRED);
                }
            }
        }
    }

    /**
     * Called before and after a mailbox is renamed or deleted: connections on which it, or one
     * below it, is selected are closed, idle ones at once and lent ones when they are returned.
     * Otherwise they would answer for another mailbox that gets the name later.
     */
    synchronized void nameLost(Account account, MailboxName mailbox) {
        var pool = accounts.get(AccountKey.of(account));
        if (pool == null) {
            return;
        }
        for (var entry : List.copyOf(pool.entries())) {
            if (entry.is(PoolEntry.State.IDLE) && entry.hasSelected(mailbox)) {
                logOut(entry, CloseReason.RENAMED);
            } else if (entry.is(PoolEntry.State.LENT)) {
                entry.nameLost(mailbox);
            }
        }
    }

    /** Closes connections that were idle, open or lent for too long. */
    synchronized void sweep() {
        long now = metrics.now();
        for (var account : List.copyOf(accounts.values())) {
            for (var entry : List.copyOf(account.entries())) {
                sweep(entry, now);
            }
            serve(account); // the cap may have been raised again
        }
    }

    synchronized void start() {
        stopped = false;
    }

    /** Lends no more connections, and closes all of them within the grace period. */
    void stop() {
        stopLending();
        awaitEmpty();
        abandonAll().forEach(PoolableConnection::abort);
        places.tellTheLast();
    }

    synchronized int count(PoolEntry.State state) {
        return limits.count(state);
    }

    /** The number of waiting borrowers. */
    synchronized int waiting() {
        return accounts.values().stream().mapToInt(account -> account.waiters().size()).sum();
    }

    synchronized int accounts() {
        return accounts.size();
    }

    private PoolEntry await(Waiter waiter) {
        try {
            var entry = waiter.await(properties.borrowTimeout());
            if (entry != null) {
                return entry;
            }
            deadlinePassed(waiter);
            return waiter.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandon(waiter);
            var cancelled = new CancellationException("interrupted while waiting for a connection");
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    private synchronized void enqueue(Waiter waiter) {
        if (stopped) {
            throw new ImapException.ServerUnavailable(RETRY_AFTER, null);
        }
        var account = accounts.computeIfAbsent(AccountKey.of(waiter.account()), this::accountPool);
        if (account.waiting(waiter.lane()) >= properties.maxWaitingPerAccount()) {
            throw new ImapException.ConnectionLimit(RETRY_AFTER, null);
        }
        if (waiter.lane() == Lane.WATCH && !mayWatch(account, waiter)) {
            askOthers(account);
            removeIfUnused(account);
            throw new ImapException.ConnectionLimit(RETRY_AFTER, null);
        }
        account.waiters().add(waiter);
        serve(account);
        if (!waiter.answered() && waiter.opening() == null) {
            askOthers(account);
        }
    }

    /** What other replicas leave to the account may have changed since they were last asked. */
    private void askOthers(AccountPool account) {
        if (account.limitedByOthers()) {
            places.tellSoon(account.key());
        }
    }

    private boolean mayWatch(AccountPool account, Waiter waiter) {
        return account.permitsWatch(waiter.fingerprint(), metrics.now())
                && limits.permitsWatch(account.key().server());
    }

    private synchronized boolean enqueueSpare(Waiter waiter) {
        var account = accounts.get(AccountKey.of(waiter.account()));
        if (stopped || account == null || !account.canSpareOne(metrics.now())) {
            return false;
        }
        boolean hasRoom = !account.full(metrics.now()) && limits.hasRoomFor(account.key().server());
        if (account.bestFor(waiter) == null && !hasRoom) {
            return false;
        }
        account.waiters().add(waiter);
        serve(account);
        return true;
    }

    /**
     * Names of special mailboxes at the provider whose server this is; unknown roles are skipped.
     */
    Map<MailboxRole, MailboxName> unusualNames(ImapServer server) {
        var names = new EnumMap<MailboxRole, MailboxName>(MailboxRole.class);
        servers.specialMailboxes(server)
                .forEach((role, name) ->
                        MailboxRole.ofId(role)
                                .ifPresent(it -> names.put(it, MailboxName.of(name))));
        return names;
    }

    private AccountPool accountPool(AccountKey key) {
        int most = servers.maxConnections(key.server(), properties.maxConnectionsPerAccount());
        return new AccountPool(key, most, properties.refusalPause());
    }

    private synchronized void deadlinePassed(Waiter waiter) {
        if (waiter.answered()) {
            return;
        }
        if (waiter.opening() != null) {
            // Its own connection is still being opened: this wait is not caused by other borrowers.
            waiter.waitForOwnOnly();
            return;
        }
        var account = account(waiter);
        log.info(
                "no connection came free: connections={}/{} waiting={} waited={}s lane={}",
                account.size(),
                account.cap(metrics.now()),
                account.waiters().size(),
                properties.borrowTimeout().toSeconds(),
                waiter.lane());
        fail(account, waiter, new ImapException.ConnectionLimit(RETRY_AFTER, null));
        removeIfUnused(account);
    }

    private synchronized void abandon(Waiter waiter) {
        var lent = waiter.lent();
        if (lent != null) {
            returned(lent, true);
        } else if (!waiter.answered()) {
            var account = account(waiter);
            fail(account, waiter, new CancellationException());
            removeIfUnused(account);
        }
    }

    /** The account's pool, which exists as long as it has a waiter. */
    private AccountPool account(Waiter waiter) {
        return Objects.requireNonNull(accounts.get(AccountKey.of(waiter.account())));
    }

    /** Lends or opens connections for the waiters of an account, as far as the limits allow. */
    private void serve(AccountPool account) {
        long now = metrics.now();
        for (var waiters = account.waiters().iterator(); waiters.hasNext(); ) {
            var waiter = waiters.next();
            if (!account.permits(waiter, now)) {
                continue;
            }
            var idle = waiter.wantsFresh() ? null : account.bestFor(waiter);
            if (idle != null) {
                waiters.remove();
                lend(idle, waiter);
            } else if (waiter.opening() == null && !open(account, waiter)) {
                break; // there is no room for the waiters behind this one either
            }
        }
        removeIfUnused(account);
    }

    private void lend(PoolEntry entry, Waiter waiter) {
        var opening = waiter.opening();
        if (opening != null && opening != entry) {
            opening.abandon();
        }
        waiter.opening(null);
        limits.lend(entry, waiter.lane(), metrics.now());
        waiter.lend(entry);
    }

    private void fail(AccountPool account, Waiter waiter, Throwable reason) {
        account.waiters().remove(waiter);
        var opening = waiter.opening();
        if (opening != null) {
            opening.abandon();
        }
        waiter.opening(null);
        waiter.fail(reason);
    }

    /**
     * Starts connecting for the waiter; false when there is no room and no idle connection to
     * evict.
     */
    private boolean open(AccountPool account, Waiter waiter) {
        var server = account.key().server();
        boolean full = account.full(metrics.now());
        PoolEntry evictable = null;
        if (full || !limits.hasRoomFor(server)) {
            evictable = full ? account.oldestIdle() : limits.oldestIdleBlocking(server);
            if (evictable == null) {
                if (full) {
                    yieldWatch(account);
                } else {
                    starved.add(account);
                }
                return false;
            }
            limits.move(evictable, PoolEntry.State.EVICTED, metrics.now());
            metrics.closed(CloseReason.EVICTED);
        }
        var entry = new PoolEntry(account, waiter.fingerprint(), waiter.lane());
        account.entries().add(entry);
        limits.take(entry);
        waiter.opening(entry);
        var evicted = evictable;
        Runnable connect = () -> connect(entry, waiter, evicted);
        Thread.ofVirtual()
                .name("imap-connect")
                .start(
                        OriginatingAddress.with(
                                waiter.client(), RequestTrace.with(waiter.trace(), connect)));
        return true;
    }

    /** No other connection is permitted: it is for those who do not merely wait for news. */
    private void yieldWatch(AccountPool account) {
        var watch = account.onlyWatch(metrics.now());
        if (watch != null) {
            close(watch, CloseReason.YIELDED, PoolableConnection::abort);
        }
    }

    private void connect(PoolEntry entry, Waiter waiter, @Nullable PoolEntry evicted) {
        try {
            if (evicted != null) {
                GracefulLogout.logOut(evicted.connection());
                closed(evicted);
            }
            if (places.shared() && !hasPlace(entry, waiter)) {
                withoutPlace(entry, waiter);
                return;
            }
            var connection = connect(waiter.account());
            if (!connected(entry, waiter, connection)) {
                connection.abort();
            }
        } catch (RuntimeException | Error e) {
            failed(entry, waiter, e);
        }
    }

    /** Waits for a place among the connections of the account in all replicas. */
    private boolean hasPlace(PoolEntry entry, Waiter waiter) {
        for (int i = 0; i < patience.tries(); i++) {
            places.tell(List.of(entry.account().key()));
            synchronized (this) {
                if (entry.hasPlace()) {
                    return true;
                }
                if (!entry.is(PoolEntry.State.CONNECTING) || waiter.opening() != entry) {
                    return false;
                }
            }
            try {
                Thread.sleep(patience.pause());
            } catch (InterruptedException _) {
                return false;
            }
        }
        return false;
    }

    /** Other replicas have all connections; the waiter gets one that is returned here, if any. */
    private synchronized void withoutPlace(PoolEntry entry, Waiter waiter) {
        if (!entry.is(PoolEntry.State.CONNECTING)) {
            return;
        }
        var account = entry.account();
        boolean waiting = waiter.opening() == entry;
        remove(entry);
        if (waiting) {
            waiter.opening(null);
            if (account.open() == 0 || waiter.overdue()) {
                fail(account, waiter, new ImapException.ConnectionLimit(RETRY_AFTER, null));
            }
        }
        slotFreed(account);
    }

    /** Tells the other replicas how many connections each account has; see {@link SharedPlaces}. */
    void tellPlaces(int round) {
        if (places.shared()) {
            long started = metrics.now();
            places.tell(due(round));
            places.lasted(Duration.ofNanos(metrics.now() - started));
        }
    }

    private synchronized Set<AccountKey> due(int round) {
        var due = new HashSet<>(places.told());
        due.addAll(accounts.keySet());
        due.removeIf(key -> !places.due(key, demand(key), round));
        return due;
    }

    private synchronized SharedPlaces.Demand demand(AccountKey key) {
        var account = accounts.get(key);
        return account == null ? SharedPlaces.Demand.NONE : account.demand();
    }

    private synchronized void permitted(AccountKey key, @Nullable Places answer) {
        var account = accounts.get(key);
        if (account == null) {
            return;
        }
        account.permitted(answer);
        for (var spare = account.surplus(); spare != null; spare = account.surplus()) {
            if (spare.is(PoolEntry.State.IDLE)) {
                logOut(spare, CloseReason.SHARED);
            } else {
                close(spare, CloseReason.YIELDED, PoolableConnection::abort);
            }
        }
        serve(account);
    }

    private PoolableConnection connect(Account account) {
        refusedTokens.check(account);
        var sample = metrics.start();
        try {
            var connection = connector.connect(account);
            metrics.connected(sample, "ok");
            return connection;
        } catch (RuntimeException e) {
            refused(account, e);
            metrics.connected(sample, PoolMetrics.outcome(e));
            if (!servers.namedByCaller(account.server())) {
                // nothing that the operator could put right
                outages.failed(account.server(), e, metrics.now());
            }
            throw e;
        }
    }

    /**
     * An earlier login with a refused credential is void as well, and where a sign-in has ended,
     * all of its logins are.
     */
    private void refused(Account account, RuntimeException reason) {
        if (reason instanceof ImapException.AccessTokenRefused refused) {
            refusedTokens.add(account, refused);
        } else if (!(reason instanceof ImapException.AuthenticationFailed)
                && !(reason instanceof ImapException.SignInEnded)) {
            return;
        }
        synchronized (this) {
            var pool = accounts.get(AccountKey.of(account));
            if (pool != null) {
                var fingerprint = fingerprint(account);
                retire(
                        pool,
                        reason instanceof ImapException.SignInEnded
                                ? entry -> entry.opensFor(fingerprint)
                                : entry -> entry.openedWith(fingerprint));
            }
        }
    }

    /** False when the pool has given up the entry in the meantime. */
    private synchronized boolean connected(
            PoolEntry entry, Waiter waiter, PoolableConnection connection) {
        if (!entry.is(PoolEntry.State.CONNECTING)) {
            return false;
        }
        entry.opened(connection, entry.fingerprint(), expiry(entry));
        var account = entry.account();
        log.debug("connected: connections={}/{}", account.size(), account.cap(metrics.now()));
        if (waiter.opening() == entry) {
            account.waiters().remove(waiter);
            lend(entry, waiter);
        } else {
            returnToPool(entry);
        }
        return true;
    }

    /**
     * Spread by ±10 %, so that connections that were opened together are not closed together; but
     * never later than the server itself ends a connection.
     */
    private long expiry(PoolEntry entry) {
        double spread = ThreadLocalRandom.current().nextDouble(0.9, 1.1);
        double ours = properties.maxLifetime().toNanos() * spread;
        double lifetime =
                servers.longestSession(entry.server())
                        .map(theirs -> Math.min(ours, theirs.toNanos() * 0.9))
                        .orElse(ours);
        return metrics.now() + (long) lifetime;
    }

    private synchronized void failed(PoolEntry entry, Waiter waiter, Throwable reason) {
        if (!entry.is(PoolEntry.State.CONNECTING)) {
            return;
        }
        var account = entry.account();
        boolean waiting = waiter.opening() == entry;
        remove(entry);
        if (waiting) {
            waiter.opening(null);
        }
        if (reason instanceof ImapException.ConnectionLimit && account.open() > 0) {
            lowerCap(account);
            waiting = waiting && waiter.overdue();
        }
        if (waiting) {
            fail(account, waiter, reason);
        }
        if (reason instanceof ImapException.AuthenticationFailed
                || reason instanceof ImapException.SignInEnded
                || reason instanceof ImapException.AccessTokenRefused) {
            failAllWithSameCredential(account, entry, reason);
        }
        slotFreed(account);
    }

    private void lowerCap(AccountPool account) {
        account.refused(metrics.now());
        log.warn(
                "the mail server refuses a further connection: connections={}/{}",
                account.open(),
                properties.maxConnectionsPerAccount());
    }

    /** Waiters with the refused credential would be refused as well. */
    private void failAllWithSameCredential(
            AccountPool account, PoolEntry refused, Throwable reason) {
        for (var waiter : List.copyOf(account.waiters())) {
            if (refused.openedWith(waiter.fingerprint())) {
                fail(account, waiter, reason);
            }
        }
    }

    private synchronized boolean replaced(
            PoolEntry entry, PoolableConnection fresh, CredentialFingerprint credential) {
        if (!entry.is(PoolEntry.State.LENT)) {
            return false;
        }
        entry.opened(fresh, credential, expiry(entry));
        return true;
    }

    private synchronized void returned(PoolEntry entry, boolean usable) {
        if (!entry.is(PoolEntry.State.LENT)) {
            return;
        }
        if (usable) {
            returnToPool(entry);
        } else {
            metrics.closed(CloseReason.IN_DOUBT);
            release(entry);
        }
    }

    private void returnToPool(PoolEntry entry) {
        if (stopped) {
            logOut(entry, CloseReason.SHUTDOWN);
        } else if (entry.retired()) {
            logOut(entry, CloseReason.RETIRED);
        } else if (entry.hasSelectedLostName()) {
            logOut(entry, CloseReason.RENAMED);
        } else if (entry.expired(metrics.now())) {
            logOut(entry, CloseReason.LIFETIME);
        } else if (entry.account().hasTooMany()) {
            logOut(entry, CloseReason.SHARED);
        } else {
            makeIdle(entry);
        }
    }

    private void makeIdle(PoolEntry entry) {
        var account = entry.account();
        limits.move(entry, PoolEntry.State.IDLE, metrics.now());
        account.moveToEnd(entry);
        if (account.size() > 1) {
            // An account without any connection takes precedence over another connection for this
            // one.
            serveStarved(other -> other.size() == 0);
        }
        serve(account);
        serveStarved(_ -> true);
    }

    private void sweep(PoolEntry entry, long now) {
        if (entry.is(PoolEntry.State.IDLE) && entry.expired(now)) {
            logOut(entry, CloseReason.LIFETIME);
        } else if (entry.is(PoolEntry.State.IDLE)
                && entry.age(now) >= properties.idleTimeout().toNanos()) {
            logOut(entry, CloseReason.IDLE);
        } else if (entry.is(PoolEntry.State.LENT)
                && !entry.servesLane(Lane.BULK)
                && !entry.servesLane(Lane.WATCH)
                && entry.age(now) >= properties.maxLease().toNanos()) {
            log.warn("a connection was never given back: lent={}s", seconds(entry.age(now)));
            close(entry, CloseReason.LEASE, PoolableConnection::abort);
        }
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    private void logOut(PoolEntry entry, CloseReason reason) {
        close(entry, reason, GracefulLogout::logOut);
    }

    private void close(PoolEntry entry, CloseReason reason, Consumer<PoolableConnection> closing) {
        limits.move(entry, PoolEntry.State.CLOSING, metrics.now());
        metrics.closed(reason);
        log.debug("closing a connection: reason={}", reason.tag());
        Thread.ofVirtual()
                .name("imap-close")
                .start(() -> {
                    closing.accept(entry.connection());
                    closed(entry);
                });
    }

    private synchronized void closed(PoolEntry entry) {
        if (entry.is(PoolEntry.State.CLOSING) || entry.is(PoolEntry.State.EVICTED)) {
            release(entry);
        }
    }

    private void release(PoolEntry entry) {
        remove(entry);
        slotFreed(entry.account());
    }

    private void remove(PoolEntry entry) {
        var account = entry.account();
        account.entries().remove(entry);
        limits.move(entry, PoolEntry.State.GONE, metrics.now());
        removeIfUnused(account);
        places.tellSoon(account.key()); // its place is free, or it waits for one no more
    }

    /** Room has become free, for this account or for another. */
    private void slotFreed(AccountPool account) {
        serveStarved(_ -> true);
        serve(account);
        notifyAll();
    }

    private void serveStarved(Predicate<AccountPool> which) {
        for (var account : List.copyOf(starved)) {
            if (limits.exhausted()) {
                return;
            }
            if (which.test(account)) {
                // It rejoins at the end when there is not enough room for all of its waiters.
                starved.remove(account);
                serve(account);
            }
        }
    }

    /** An account without waiters is not starved; without entries as well it is forgotten. */
    private void removeIfUnused(AccountPool account) {
        if (account.waiters().isEmpty()) {
            starved.remove(account);
        }
        if (account.empty()) {
            accounts.remove(account.key(), account);
        }
    }

    private synchronized void stopLending() {
        stopped = true;
        log.info(
                "closing all connections: idle={} lent={}",
                limits.count(PoolEntry.State.IDLE),
                limits.count(PoolEntry.State.LENT));
        for (var account : List.copyOf(accounts.values())) {
            for (var waiter : List.copyOf(account.waiters())) {
                fail(account, waiter, new ImapException.ServerUnavailable(RETRY_AFTER, null));
            }
            for (var entry : List.copyOf(account.entries())) {
                if (entry.is(PoolEntry.State.IDLE)) {
                    logOut(entry, CloseReason.SHUTDOWN);
                }
            }
            removeIfUnused(account);
        }
    }

    private synchronized void awaitEmpty() {
        long deadline = System.nanoTime() + properties.shutdownGrace().toNanos();
        try {
            for (long left = 1; limits.taken() > 0 && left > 0; ) {
                left = deadline - System.nanoTime();
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<PoolableConnection> abandonAll() {
        var abandoned = new ArrayList<PoolableConnection>();
        for (var account : List.copyOf(accounts.values())) {
            for (var entry : List.copyOf(account.entries())) {
                if (!entry.is(PoolEntry.State.CONNECTING)) {
                    abandoned.add(entry.connection());
                    metrics.closed(CloseReason.SHUTDOWN);
                }
                remove(entry);
            }
        }
        if (!abandoned.isEmpty()) {
            log.info("connections aborted: {}", abandoned.size());
        }
        return abandoned;
    }
}
