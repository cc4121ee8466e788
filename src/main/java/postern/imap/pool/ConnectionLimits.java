package postern.imap.pool;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.account.ImapServer;
import postern.imap.Lane;

/**
 * Counts the connections per server and in total, and enforces the limits. Guarded as described in
 * {@link ConnectionPool}.
 */
final class ConnectionLimits {

    private final int perServer;
    private final int total;
    private final Predicate<ImapServer> namedByCallers;
    private final int toNamedByCallers;
    private final Map<PoolEntry.State, Integer> states = new EnumMap<>(PoolEntry.State.class);
    private final Map<ImapServer, Integer> servers = new HashMap<>();
    private final Map<ImapServer, Integer> watching = new HashMap<>();
    private final Set<PoolEntry> idle = new LinkedHashSet<>();
    private int taken;
    private int takenToNamedByCallers;
    // Written under the monitor, read without it.
    private volatile int lentInteractive;

    /**
     * @param namedByCallers the servers that have a limit for all of them together
     * @param toNamedByCallers that limit
     */
    ConnectionLimits(
            int perServer, int total, Predicate<ImapServer> namedByCallers, int toNamedByCallers) {
        this.perServer = perServer;
        this.total = total;
        this.namedByCallers = namedByCallers;
        this.toNamedByCallers = toNamedByCallers;
    }

    /** Those that watch take no more than half of all connections, and half of a server's. */
    boolean permitsWatch(ImapServer server) {
        return watching.getOrDefault(server, 0) < Math.max(1, perServer / 2)
                && watching.values().stream().mapToInt(Integer::intValue).sum()
                        < Math.max(1, total / 2);
    }

    void take(PoolEntry entry) {
        taken++;
        takenToNamedByCallers += namedByCallers.test(entry.server()) ? 1 : 0;
        servers.merge(entry.server(), 1, Integer::sum);
        states.merge(entry.state(), 1, Integer::sum);
    }

    void lend(PoolEntry entry, Lane borrower, long now) {
        move(entry, PoolEntry.State.LENT, now);
        entry.lentTo(borrower);
        countInteractive(entry, 1);
        countWatch(entry, 1);
    }

    /** Changes the state of an entry; except for {@link #lend} the only way to do so. */
    void move(PoolEntry entry, PoolEntry.State next, long now) {
        countInteractive(entry, -1);
        countWatch(entry, -1);
        if (entry.state().takesSlot() && !next.takesSlot()) {
            taken--;
            takenToNamedByCallers -= namedByCallers.test(entry.server()) ? 1 : 0;
            servers.computeIfPresent(entry.server(), (_, count) -> count == 1 ? null : count - 1);
        }
        states.merge(entry.state(), -1, Integer::sum);
        states.merge(next, 1, Integer::sum);
        idle.remove(entry);
        entry.changeState(next, now);
        if (next == PoolEntry.State.IDLE) {
            idle.add(entry);
        }
    }

    int taken() {
        return taken;
    }

    int count(PoolEntry.State state) {
        return states.getOrDefault(state, 0);
    }

    /** The number of connections lent to interactive borrowers; callable from any thread. */
    int lentInteractive() {
        return lentInteractive;
    }

    private void countInteractive(PoolEntry entry, int change) {
        if (entry.is(PoolEntry.State.LENT) && entry.servesLane(Lane.INTERACTIVE)) {
            lentInteractive += change;
        }
    }

    private void countWatch(PoolEntry entry, int change) {
        if (entry.is(PoolEntry.State.LENT) && entry.servesLane(Lane.WATCH)) {
            watching.merge(entry.server(), change, Integer::sum);
            watching.remove(entry.server(), 0);
        }
    }

    boolean hasRoomFor(ImapServer server) {
        return taken < total && !full(server);
    }

    /** Whether no account can get another connection, not even by evicting an idle one. */
    boolean exhausted() {
        return taken >= total && idle.isEmpty();
    }

    /** The least recently used idle connection whose eviction makes room for one to this server. */
    @Nullable PoolEntry oldestIdleBlocking(ImapServer server) {
        boolean serverFull = serverFull(server);
        boolean namedFull = namedFull(server);
        return idle.stream()
                .filter(entry -> !serverFull || entry.server().equals(server))
                .filter(entry -> !namedFull || namedByCallers.test(entry.server()))
                .findFirst()
                .orElse(null);
    }

    private boolean full(ImapServer server) {
        return serverFull(server) || namedFull(server);
    }

    private boolean serverFull(ImapServer server) {
        return servers.getOrDefault(server, 0) >= perServer;
    }

    private boolean namedFull(ImapServer server) {
        return takenToNamedByCallers >= toNamedByCallers && namedByCallers.test(server);
    }
}
