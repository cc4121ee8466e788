package postern.imap.pool;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Lane;

/**
 * The connections of one account, and who waits for one. What guards it is told at {@link
 * ConnectionPool}.
 */
final class AccountPool {

    private final AccountKey key;
    private final int maxConnections;
    private final long refusalPause;
    // Whatever becomes idle moves to the end, so that the idle ones stand in the order of their
    // use.
    private final Set<PoolEntry> entries = new LinkedHashSet<>();
    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private int refusedAt;
    private long refusedSince;

    AccountPool(AccountKey key, int maxConnections, Duration refusalPause) {
        this.key = key;
        this.maxConnections = maxConnections;
        this.refusalPause = refusalPause.toNanos();
    }

    AccountKey key() {
        return key;
    }

    Set<PoolEntry> entries() {
        return entries;
    }

    void lastUsed(PoolEntry entry) {
        entries.remove(entry);
        entries.add(entry);
    }

    /** In the order of their arrival. */
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

    /** How many connections it may have: fewer for a while after the server refused one more. */
    int cap(long now) {
        if (refusedAt == 0) {
            return maxConnections;
        }
        long regained = (now - refusedSince) / refusalPause;
        return (int) Math.min(maxConnections, refusedAt + regained);
    }

    /** The server refused one more than are open now. */
    void refused(long now) {
        refusedAt = Math.max(1, open());
        refusedSince = now;
    }

    /** How many there are or will be, without those that are being closed. */
    int open() {
        return (int)
                entries.stream()
                        .filter(e ->
                                !e.is(PoolEntry.State.CLOSING) && !e.is(PoolEntry.State.EVICTED))
                        .count();
    }

    /** Whether one more can be lent to somebody who can do without, and one is left then. */
    boolean canSpareOne(long now) {
        long busy =
                entries.stream()
                        .filter(e -> e.is(PoolEntry.State.LENT) || e.is(PoolEntry.State.CONNECTING))
                        .count();
        // Who has a connection of its own on the way is counted as busy.
        boolean othersWait = waiters.stream().anyMatch(waiter -> waiter.opening() == null);
        return !othersWait && busy + 1 < cap(now);
    }

    /** Downloads have half of the connections, and one where there is just one. */
    boolean permits(Waiter waiter, long now) {
        if (waiter.lane() == Lane.INTERACTIVE || waiter.opening() != null) {
            return true;
        }
        long downloads = entries.stream().filter(e -> e.servesLane(Lane.DOWNLOAD)).count();
        return downloads < Math.max(1, cap(now) / 2);
    }

    /**
     * The idle connection that suits the waiter best: with its mailbox selected, with none
     * selected, or else the least recently used.
     */
    @Nullable PoolEntry bestFor(Waiter waiter) {
        PoolEntry best = null;
        int bestRank = -1;
        for (var entry : entries) {
            if (!entry.is(PoolEntry.State.IDLE) || !entry.openedWith(waiter.fingerprint())) {
                continue;
            }
            int rank = rank(entry.selection(), waiter.wanted());
            // Among equals the last used, so that the others are left to time out.
            if (rank > bestRank || rank == bestRank && rank > 0) {
                best = entry;
                bestRank = rank;
            }
        }
        return best;
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

    /** The least recently used of the idle ones. */
    @Nullable PoolEntry oldestIdle() {
        return entries.stream().filter(e -> e.is(PoolEntry.State.IDLE)).findFirst().orElse(null);
    }
}
