package postern.imap.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.PoolableConnection;

/**
 * Every connection there is, and who may have it.
 *
 * <h2>The states of an entry</h2>
 *
 * <pre>
 *               connected, and its borrower still waits
 *  CONNECTING ─────────────────────────────────────────► LENT ────┐
 *    │   │      connected, but nobody waits any more    ▲   │      │ retired, too old, or its lease
 *    │   └────────────────────────────────► IDLE ───────┘   │      │ was never closed
 *    │ connecting failed                  │  │  ▲   lent     │      │
 *    │                                    │  │  └────────────┤      │
 *    │         another needs its place    │  │    given back │      │
 *    │             ┌──────────────────────┘  │               │      │
 *    │             ▼     idle or alive for   ▼               │      │
 *    │          EVICTED  too long, retired,  CLOSING ◄───────┼──────┘
 *    │             │     shutdown            │               │
 *    │             │ LOGOUT said, or waited  │               │ given back in doubt
 *    ▼             ▼ for it long enough      ▼               ▼
 *   GONE ◄───────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The bounds hold for what the mail server may still count: whatever is not GONE takes a place
 * in its account and, but for EVICTED, one per server and in all. The place that an evicted
 * connection had there passes to the entry that needs it at once; the thread that opens this one
 * says the LOGOUT of the other before it connects.
 *
 * <h2>Who moves it</h2>
 *
 * <p>A borrower queues up with its account as a {@link Waiter} and {@link #serve} is called
 * whenever something changed for that account: somebody queued up, came back, failed or left. It
 * goes through the waiters in the order of their arrival, past those whose lane has its share, and
 * gives each the idle connection that suits it best. Where there is none it opens one, in a thread
 * of its own, so that the waiter is served by whichever comes first: that one or one given back.
 * Where there is no place it makes one by closing what has been idle longest: with the account
 * full, one of the account (of another credential, or it would have been lent); with the server or
 * everything full, anybody's. Where nothing is idle either, the account joins {@link #starved},
 * which takes turns whenever a place or an idle connection appears anywhere. An entry whose
 * credential is not the waiter's is never lent.
 *
 * <p>A lease moves its own entry: back to the pool, or onto a fresh connection when the one it was
 * given turns out dead ({@link Lease}). The sweep closes what is idle or alive for too long, and
 * takes away from interactive borrowers what they have forgotten.
 *
 * <h2>What guards what</h2>
 *
 * <p>The pool's monitor guards everything here and in {@link AccountPool}, {@link
 * ConnectionLimits}, {@link PoolEntry} and {@link Waiter} (whose answer is a future, so that it is
 * waited for without the monitor). One monitor for all accounts is enough: what is done under it
 * are some look-ups and walks over a handful of entries, never I/O; and it makes bounds across
 * accounts, and accounts that vanish with their last entry and waiter, a matter of plain code.
 * Connecting, LOGOUT and abort happen outside.
 *
 * <p>A connection itself belongs to one thread at a time: to the one that connects, then to the
 * borrower, and to the pool while it is idle, when it is asked for nothing but its selected
 * mailbox. The monitor, passed through on every change of hands, makes each see what the other did.
 * Only abort may come from anywhere.
 */
final class ConnectionPool {

    private static final Logger log = LoggerFactory.getLogger(ConnectionPool.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ImapConnector connector;
    private final PoolProperties properties;
    private final PoolMetrics metrics;
    private final CredentialFingerprints fingerprints = new CredentialFingerprints();
    private final Map<AccountKey, AccountPool> accounts = new HashMap<>();
    private final Set<AccountPool> starved = new LinkedHashSet<>();
    private final OutageLog outages = new OutageLog();
    private final ConnectionLimits room;
    private boolean stopped;

    ConnectionPool(ImapConnector connector, PoolProperties properties, PoolMetrics metrics) {
        this.connector = connector;
        this.properties = properties;
        this.metrics = metrics;
        this.room =
                new ConnectionLimits(
                        properties.maxConnectionsPerServer(), properties.maxConnections());
        metrics.watch(this);
    }

    /** Waits for a connection; {@link #giveBack} ends the loan. */
    PoolEntry borrow(Account account, Lane lane, @Nullable MailboxSelection wanted) {
        var fingerprint = fingerprints.of(account.credential());
        return borrow(new Waiter(account, fingerprint, lane, wanted));
    }

    /** The same for one that nobody has used, whose login the mail server has just accepted. */
    PoolEntry borrowFresh(Account account) {
        return borrow(Waiter.forFresh(account, fingerprints.of(account.credential())));
    }

    private PoolEntry borrow(Waiter waiter) {
        var sample = metrics.start();
        var lane = waiter.lane();
        try {
            enqueue(waiter);
            var entry = await(waiter);
            metrics.borrowed(sample, lane, entry.idledBefore() ? "reused" : "opened");
            return entry;
        } catch (RuntimeException e) {
            metrics.borrowed(sample, lane, PoolMetrics.outcome(e));
            throw e;
        }
    }

    /**
     * Lends a further interactive connection to somebody who has one already, unless others of the
     * account would have to wait for that; null then.
     */
    @Nullable PoolEntry borrowSpare(Account account) {
        var waiter =
                new Waiter(account, fingerprints.of(account.credential()), Lane.INTERACTIVE, null);
        return enqueueSpare(waiter) ? await(waiter) : null;
    }

    /** On how many connections somebody may work at once, at the best of times. */
    int mostSpread() {
        return Math.max(1, properties.maxConnectionsPerAccount() - 1);
    }

    /**
     * How long a transfer is to rest behind so many octets, in nanoseconds: not at all, unless
     * others wait for answers meanwhile. What it leaves to them is not the connection, which they
     * have, but the processors and the line.
     */
    long restBehind(int octets) {
        long rate = properties.transferRateBesideOthers().toBytes();
        return room.answering() > 0 ? octets * TimeUnit.SECONDS.toNanos(1) / rate : 0;
    }

    /** Ends a loan; does nothing when the pool took the connection away before. */
    void giveBack(PoolEntry entry) {
        boolean usable = entry.connection().usable();
        if (!usable) {
            entry.connection().abort();
        }
        returned(entry, usable);
    }

    /** Puts a fresh connection in the place of a dead one, on the borrower's own thread. */
    void renew(PoolEntry entry, Account account) {
        entry.connection().abort();
        var fresh = connect(account);
        if (!replaced(entry, fresh)) {
            fresh.abort();
            throw new ImapException.ConnectionLost("the connection was taken away", null);
        }
        metrics.closed(CloseReason.LOST);
    }

    /** Whether the server may have left the connection since it was last heard of. */
    boolean quietForLong(PoolEntry entry) {
        return entry.quiet(metrics.now()) >= properties.probeAfter().toNanos();
    }

    /** Closes what was opened with this credential: at once, or when it comes back. */
    synchronized void retire(Account account) {
        var pool = accounts.get(AccountKey.of(account));
        if (pool != null) {
            retire(pool, fingerprints.of(account.credential()));
        }
    }

    private void retire(AccountPool pool, CredentialFingerprint fingerprint) {
        for (var entry : List.copyOf(pool.entries())) {
            if (entry.openedWith(fingerprint)) {
                entry.retire();
                if (entry.is(PoolEntry.State.IDLE)) {
                    part(entry, CloseReason.RETIRED);
                }
            }
        }
    }

    /**
     * A mailbox is about to lose its name, or has: what has it open, or one below it, is closed at
     * once or when it comes back. It would answer for whatever has the name next.
     */
    synchronized void unname(Account account, MailboxName mailbox) {
        var pool = accounts.get(AccountKey.of(account));
        if (pool == null) {
            return;
        }
        for (var entry : List.copyOf(pool.entries())) {
            if (entry.is(PoolEntry.State.IDLE) && entry.isOn(mailbox)) {
                part(entry, CloseReason.RENAMED);
            } else if (entry.is(PoolEntry.State.LENT)) {
                entry.unname(mailbox);
            }
        }
    }

    /** Closes what has been idle, alive or lent for too long. */
    synchronized void sweep() {
        long now = metrics.now();
        for (var account : List.copyOf(accounts.values())) {
            for (var entry : List.copyOf(account.entries())) {
                sweep(entry, now);
            }
            serve(account); // a cap may have grown again
        }
    }

    synchronized void start() {
        stopped = false;
    }

    /** Lends nothing more, and closes everything within the grace period. */
    void stop() {
        refuse();
        awaitEmpty();
        abandonAll().forEach(PoolableConnection::abort);
    }

    synchronized int count(PoolEntry.State state) {
        return room.count(state);
    }

    /** How many borrowers wait. */
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
        account.waiters().add(waiter);
        serve(account);
    }

    private synchronized boolean enqueueSpare(Waiter waiter) {
        var account = accounts.get(AccountKey.of(waiter.account()));
        if (stopped || account == null || !account.canSpareOne(metrics.now())) {
            return false;
        }
        boolean place = !account.full(metrics.now()) && room.leftFor(account.key().server());
        if (account.bestFor(waiter) == null && !place) {
            return false;
        }
        account.waiters().add(waiter);
        serve(account);
        return true;
    }

    private AccountPool accountPool(AccountKey key) {
        return new AccountPool(
                key, properties.maxConnectionsPerAccount(), properties.refusalPause());
    }

    private synchronized void deadlinePassed(Waiter waiter) {
        if (waiter.answered()) {
            return;
        }
        if (waiter.opening() != null) {
            // It is not the others that keep this one waiting.
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
        tidy(account);
    }

    private synchronized void abandon(Waiter waiter) {
        var lent = waiter.lent();
        if (lent != null) {
            returned(lent, true);
        } else if (!waiter.answered()) {
            var account = account(waiter);
            fail(account, waiter, new CancellationException());
            tidy(account);
        }
    }

    /** An account stays for as long as somebody waits in it. */
    private AccountPool account(Waiter waiter) {
        return Objects.requireNonNull(accounts.get(AccountKey.of(waiter.account())));
    }

    /** Gives the waiters of an account what there is for them. */
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
                break; // nor is there anything for those behind
            }
        }
        tidy(account);
    }

    private void lend(PoolEntry entry, Waiter waiter) {
        var opening = waiter.opening();
        if (opening != null && opening != entry) {
            opening.forNobody();
        }
        waiter.opening(null);
        room.lend(entry, waiter.lane(), metrics.now());
        waiter.lend(entry);
    }

    private void fail(AccountPool account, Waiter waiter, Throwable reason) {
        account.waiters().remove(waiter);
        var opening = waiter.opening();
        if (opening != null) {
            opening.forNobody();
        }
        waiter.opening(null);
        waiter.fail(reason);
    }

    /** Starts connecting for the waiter; false when there is no place and nothing to give way. */
    private boolean open(AccountPool account, Waiter waiter) {
        var server = account.key().server();
        boolean full = account.full(metrics.now());
        PoolEntry inTheWay = null;
        if (full || !room.leftFor(server)) {
            inTheWay = full ? account.oldestIdle() : room.oldestIdleInTheWayOf(server);
            if (inTheWay == null) {
                if (!full) {
                    starved.add(account);
                }
                return false;
            }
            room.move(inTheWay, PoolEntry.State.EVICTED, metrics.now());
            metrics.closed(CloseReason.EVICTED);
        }
        var entry = new PoolEntry(account, waiter.fingerprint(), waiter.lane());
        account.entries().add(entry);
        room.take(entry);
        waiter.opening(entry);
        var evicted = inTheWay;
        Thread.ofVirtual().name("imap-connect").start(() -> connect(entry, waiter, evicted));
        return true;
    }

    private void connect(PoolEntry entry, Waiter waiter, @Nullable PoolEntry evicted) {
        try {
            if (evicted != null) {
                GracefulLogout.say(evicted.connection());
                closed(evicted);
            }
            var connection = connect(waiter.account());
            if (!connected(entry, waiter, connection)) {
                connection.abort();
            }
        } catch (RuntimeException | Error e) {
            failed(entry, waiter, e);
        }
    }

    private PoolableConnection connect(Account account) {
        var sample = metrics.start();
        try {
            var connection = connector.connect(account);
            metrics.connected(sample, "ok");
            return connection;
        } catch (RuntimeException e) {
            metrics.connected(sample, PoolMetrics.outcome(e));
            outages.failed(account.server(), e, metrics.now());
            throw e;
        }
    }

    /** False when the pool gave up the entry meanwhile. */
    private synchronized boolean connected(
            PoolEntry entry, Waiter waiter, PoolableConnection connection) {
        if (!entry.is(PoolEntry.State.CONNECTING)) {
            return false;
        }
        entry.opened(connection, expiry());
        var account = entry.account();
        log.debug("connected: connections={}/{}", account.size(), account.cap(metrics.now()));
        if (waiter.opening() == entry) {
            account.waiters().remove(waiter);
            lend(entry, waiter);
        } else {
            keep(entry);
        }
        return true;
    }

    /** A tenth more or less, so that what was opened together is not closed together. */
    private long expiry() {
        double lifetime = properties.maxLifetime().toNanos();
        return metrics.now() + (long) (lifetime * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
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
            shrink(account);
            waiting = waiting && waiter.overdue();
        }
        if (waiting) {
            fail(account, waiter, reason);
        }
        if (reason instanceof ImapException.AuthenticationFailed) {
            failAll(account, entry, reason);
            // Nor does it count any more that it was accepted before.
            retire(account, entry.fingerprint());
        }
        freed(account);
    }

    private void shrink(AccountPool account) {
        account.refused(metrics.now());
        log.warn(
                "the mail server refuses a further connection: connections={}/{}",
                account.open(),
                properties.maxConnectionsPerAccount());
    }

    /** Who waits with a credential that was refused would only be refused in turn. */
    private void failAll(AccountPool account, PoolEntry refused, Throwable reason) {
        for (var waiter : List.copyOf(account.waiters())) {
            if (refused.openedWith(waiter.fingerprint())) {
                fail(account, waiter, reason);
            }
        }
    }

    private synchronized boolean replaced(PoolEntry entry, PoolableConnection fresh) {
        if (!entry.is(PoolEntry.State.LENT)) {
            return false;
        }
        entry.opened(fresh, expiry());
        return true;
    }

    private synchronized void returned(PoolEntry entry, boolean usable) {
        if (!entry.is(PoolEntry.State.LENT)) {
            return;
        }
        if (usable) {
            keep(entry);
        } else {
            metrics.closed(CloseReason.IN_DOUBT);
            release(entry);
        }
    }

    private void keep(PoolEntry entry) {
        if (stopped) {
            part(entry, CloseReason.SHUTDOWN);
        } else if (entry.retired()) {
            part(entry, CloseReason.RETIRED);
        } else if (entry.isOnUnnamed()) {
            part(entry, CloseReason.RENAMED);
        } else if (entry.expired(metrics.now())) {
            part(entry, CloseReason.LIFETIME);
        } else {
            offer(entry);
        }
    }

    private void offer(PoolEntry entry) {
        var account = entry.account();
        room.move(entry, PoolEntry.State.IDLE, metrics.now());
        account.lastUsed(entry);
        if (account.size() > 1) {
            // Who has nothing goes before the second connection of who has something.
            serveStarved(other -> other.size() == 0);
        }
        serve(account);
        serveStarved(_ -> true);
    }

    private void sweep(PoolEntry entry, long now) {
        if (entry.is(PoolEntry.State.IDLE) && entry.expired(now)) {
            part(entry, CloseReason.LIFETIME);
        } else if (entry.is(PoolEntry.State.IDLE)
                && entry.age(now) >= properties.idleTimeout().toNanos()) {
            part(entry, CloseReason.IDLE);
        } else if (entry.is(PoolEntry.State.LENT)
                && entry.servesLane(Lane.INTERACTIVE)
                && entry.age(now) >= properties.maxLease().toNanos()) {
            log.warn("a connection was never given back: lent={}s", seconds(entry.age(now)));
            close(entry, CloseReason.LEASE, PoolableConnection::abort);
        }
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    private void part(PoolEntry entry, CloseReason reason) {
        close(entry, reason, GracefulLogout::say);
    }

    private void close(PoolEntry entry, CloseReason reason, Consumer<PoolableConnection> how) {
        room.move(entry, PoolEntry.State.CLOSING, metrics.now());
        metrics.closed(reason);
        log.debug("closing a connection: reason={}", reason.tag());
        Thread.ofVirtual()
                .name("imap-close")
                .start(() -> {
                    how.accept(entry.connection());
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
        freed(entry.account());
    }

    private void remove(PoolEntry entry) {
        var account = entry.account();
        account.entries().remove(entry);
        room.move(entry, PoolEntry.State.GONE, metrics.now());
        tidy(account);
    }

    /** There is a place again, perhaps for this account, perhaps for another. */
    private void freed(AccountPool account) {
        serveStarved(_ -> true);
        serve(account);
        notifyAll();
    }

    private void serveStarved(Predicate<AccountPool> which) {
        for (var account : List.copyOf(starved)) {
            if (room.exhausted()) {
                return;
            }
            if (which.test(account)) {
                // It joins again at the end when there is not enough for all who wait in it.
                starved.remove(account);
                serve(account);
            }
        }
    }

    /** What has no waiters does not starve, and what has no entries either is forgotten. */
    private void tidy(AccountPool account) {
        if (account.waiters().isEmpty()) {
            starved.remove(account);
        }
        if (account.empty()) {
            accounts.remove(account.key(), account);
        }
    }

    private synchronized void refuse() {
        stopped = true;
        log.info(
                "closing all connections: idle={} lent={}",
                room.count(PoolEntry.State.IDLE),
                room.count(PoolEntry.State.LENT));
        for (var account : List.copyOf(accounts.values())) {
            for (var waiter : List.copyOf(account.waiters())) {
                fail(account, waiter, new ImapException.ServerUnavailable(RETRY_AFTER, null));
            }
            for (var entry : List.copyOf(account.entries())) {
                if (entry.is(PoolEntry.State.IDLE)) {
                    part(entry, CloseReason.SHUTDOWN);
                }
            }
            tidy(account);
        }
    }

    private synchronized void awaitEmpty() {
        long deadline = System.nanoTime() + properties.shutdownGrace().toNanos();
        try {
            for (long left = 1; room.taken() > 0 && left > 0; ) {
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
