package postern.imap.pool;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.AccountKey;
import postern.imap.Lane;
import postern.shared.Places;

/**
 * The connections and waiting borrowers of one account. Guarded as described in {@link
 * ConnectionPool}.
 */
final class AccountPool {

    private final AccountKey key;
    private final int maxConnections;
    private final long refusalPause;
    // An entry that becomes idle moves to the end, so that idle entries are in order of use.
    private final Set<PoolEntry> entries = new LinkedHashSet<>();
    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private int refusedAt;
    private long refusedSince;
    private int mostHere;

    AccountPool(AccountKey key, int maxConnections, Duration refusalPause) {
        this.key = key;
        this.maxConnections = maxConnections;
        this.refusalPause = refusalPause.toNanos();
        this.mostHere = maxConnections;
    }

    AccountKey key() {
        return key;
    }

    Set<PoolEntry> entries() {
        return entries;
    }

    void moveToEnd(PoolEntry entry) {
        entries.remove(entry);
        entries.add(entry);
    }

    /** In order of arrival. */
    Set<Waiter> waiters() {
        return waiters;
    }

    int waiting(Lane lane) {
        return (int) waiters.stream().filter(waiter -> waiter.lane() == lane).count();
    }

    int size() {
        return entries.size();
    }

    boolean empty() {
        return entries.isEmpty() && waiters.isEmpty();
    }

    boolean full(long now) {
        return entries.size() >= cap(now);
    }

    /**
     * The maximum number of connections: lower for a while after the server refused a connection,
     * and where other replicas have some.
     */
    int cap(long now) {
        int most = Math.max(1, mostHere);
        if (refusedAt == 0) {
            return most;
        }
        long regained = (now - refusedSince) / refusalPause;
        return (int) Math.min(most, refusedAt + regained);
    }

    /** What it has in this replica, and what it would like to have. */
    SharedPlaces.Demand demand() {
        int opening = (int) entries.stream().filter(e -> awaitsPlace(e)).count();
        int more = (int) waiters.stream().filter(waiter -> waiter.opening() == null).count();
        int idle = (int) entries.stream().filter(e -> e.is(PoolEntry.State.IDLE)).count();
        int held = places();
        int wanted = Math.min(maxConnections, held + opening + Math.min(1, more));
        return new SharedPlaces.Demand(held, held - idle + more, wanted, maxConnections);
    }

    private static boolean awaitsPlace(PoolEntry entry) {
        return entry.is(PoolEntry.State.CONNECTING) && !entry.hasPlace();
    }

    private int places() {
        return (int) entries.stream().filter(PoolEntry::hasPlace).count();
    }

    /** Null where each replica goes by its own count. */
    void permitted(@Nullable Places answer) {
        mostHere = answer == null ? maxConnections : answer.most();
        int granted = answer == null ? Integer.MAX_VALUE : answer.granted();
        for (var entry : entries) {
            if (awaitsPlace(entry) && places() < granted) {
                entry.takePlace();
            }
        }
    }

    /** Whether it has more connections than other replicas leave to it. */
    boolean hasTooMany() {
        return entries.stream()
                        .filter(PoolEntry::hasPlace)
                        .filter(e ->
                                !e.is(PoolEntry.State.CLOSING) && !e.is(PoolEntry.State.EVICTED))
                        .count()
                > mostHere;
    }

    /** Whether other replicas have left it fewer than the account may have. */
    boolean limitedByOthers() {
        return mostHere < maxConnections;
    }

    /** One that another replica needs more: an idle one, or one that merely waits for news. */
    @Nullable PoolEntry surplus() {
        if (!hasTooMany()) {
            return null;
        }
        var idle = oldestIdle();
        return idle != null
                ? idle
                : entries.stream()
                        .filter(e -> e.is(PoolEntry.State.LENT) && e.servesLane(Lane.WATCH))
                        .findFirst()
                        .orElse(null);
    }

    /** The server refused a connection beyond those that are open now. */
    void refused(long now) {
        refusedAt = Math.max(1, open());
        refusedSince = now;
    }

    /** The number of open or opening connections, without those that are being closed. */
    int open() {
        return (int)
                entries.stream()
                        .filter(e ->
                                !e.is(PoolEntry.State.CLOSING) && !e.is(PoolEntry.State.EVICTED))
                        .count();
    }

    /** Whether a spare connection can be lent while at least one is left for other borrowers. */
    boolean canSpareOne(long now) {
        long busy =
                entries.stream()
                        .filter(e -> e.is(PoolEntry.State.LENT) || e.is(PoolEntry.State.CONNECTING))
                        .count();
        // A waiter whose own connection is being opened is already counted as busy.
        boolean othersWait = waiters.stream().anyMatch(waiter -> waiter.opening() == null);
        return !othersWait && busy + 1 < cap(now);
    }

    /**
     * A watching connection where all that are permitted watch or transfer, so that nobody else
     * gets any for long.
     */
    @Nullable PoolEntry onlyWatch(long now) {
        var watching = entries.stream().filter(e -> e.servesLane(Lane.WATCH)).toList();
        boolean yields =
                watching.size() >= cap(now)
                        || full(now) && entries.stream().allMatch(AccountPool::isLentForLong);
        return !yields
                ? null
                : watching.stream()
                        .filter(e -> e.is(PoolEntry.State.LENT))
                        .findFirst()
                        .orElse(null);
    }

    private static boolean isLentForLong(PoolEntry entry) {
        return entry.is(PoolEntry.State.LENT)
                && (entry.servesLane(Lane.WATCH) || entry.servesLane(Lane.BULK));
    }

    /** Whether this family of credentials may watch, at once or after its own watch has ended. */
    boolean permitsWatch(CredentialFingerprint fingerprint, long now) {
        return cap(now) > 1 && (watches(fingerprint) || hasRoomIn(Lane.WATCH, now));
    }

    private boolean watches(CredentialFingerprint fingerprint) {
        return entries.stream().anyMatch(e -> e.servesLane(Lane.WATCH) && e.opensFor(fingerprint));
    }

    private boolean hasRoomIn(Lane lane, long now) {
        return entries.stream().filter(e -> e.servesLane(lane)).count() < Math.max(1, cap(now) / 2);
    }

    /**
     * Each lane but the interactive one may use half of the connections, but at least one. A family
     * of credentials watches on one.
     */
    boolean permits(Waiter waiter, long now) {
        var lane = waiter.lane();
        if (lane == Lane.INTERACTIVE || waiter.opening() != null) {
            return true;
        }
        if (lane == Lane.WATCH) {
            return cap(now) > 1 && !watches(waiter.fingerprint()) && hasRoomIn(Lane.WATCH, now);
        }
        return hasRoomIn(lane, now);
    }

    /**
     * The idle connection that suits the waiter best: one with its mailbox selected, then one with
     * none selected, then the least recently used.
     */
    @Nullable PoolEntry bestFor(Waiter waiter) {
        PoolEntry best = null;
        int bestRank = -1;
        for (var entry : entries) {
            if (!entry.is(PoolEntry.State.IDLE)
                    || !entry.opensFor(waiter.fingerprint())
                    || !entry.suits(waiter.lane())) {
                continue;
            }
            int rank = rank(entry, waiter);
            // Among equal ranks the most recently used one, so that the others reach their idle
            // timeout.
            if (rank > bestRank || rank == bestRank && rank > 0) {
                best = entry;
                bestRank = rank;
            }
        }
        return best;
    }

    private static int rank(PoolEntry entry, Waiter waiter) {
        if (waiter.lane() == Lane.SYNC) {
            return entry.connection().reportsVanished() ? 4 : 0;
        }
        return rank(entry.selection(), waiter.wanted());
    }

    private static int rank(
            @Nullable MailboxSelection selected, @Nullable MailboxSelection wanted) {
        if (selected == null) {
            return 1;
        }
        if (wanted == null || !selected.mailbox().equals(wanted.mailbox())) {
            return 0;
        }
        return Objects.equals(selected.access(), wanted.access()) ? 3 : 2;
    }

    /** The least recently used idle connection. */
    @Nullable PoolEntry oldestIdle() {
        return entries.stream().filter(e -> e.is(PoolEntry.State.IDLE)).findFirst().orElse(null);
    }
}
