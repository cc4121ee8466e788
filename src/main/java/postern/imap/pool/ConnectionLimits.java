package postern.imap.pool;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.ImapServer;
import postern.imap.Lane;

/**
 * How many connections there are of each server and in all, against how many there may be. What
 * guards it is told at {@link ConnectionPool}.
 */
final class ConnectionLimits {

    private final int perServer;
    private final int inAll;
    private final Map<PoolEntry.State, Integer> states = new EnumMap<>(PoolEntry.State.class);
    private final Map<ImapServer, Integer> servers = new HashMap<>();
    private final Set<PoolEntry> idle = new LinkedHashSet<>();
    private int taken;
    // Written under the monitor like everything here, and read without.
    private volatile int answering;

    ConnectionLimits(int perServer, int inAll) {
        this.perServer = perServer;
        this.inAll = inAll;
    }

    void take(PoolEntry entry) {
        taken++;
        servers.merge(entry.server(), 1, Integer::sum);
        states.merge(entry.state(), 1, Integer::sum);
    }

    void lend(PoolEntry entry, Lane borrower, long now) {
        move(entry, PoolEntry.State.LENT, now);
        entry.lentTo(borrower);
        countAnswering(entry, 1);
    }

    /** The only way for an entry into another state, but for {@link #lend}. */
    void move(PoolEntry entry, PoolEntry.State next, long now) {
        countAnswering(entry, -1);
        if (entry.state().takesRoom() && !next.takesRoom()) {
            taken--;
            servers.computeIfPresent(entry.server(), (_, count) -> count == 1 ? null : count - 1);
        }
        states.merge(entry.state(), -1, Integer::sum);
        states.merge(next, 1, Integer::sum);
        idle.remove(entry);
        entry.become(next, now);
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

    /** How many connections somebody who waits for an answer has at the moment; for any thread. */
    int answering() {
        return answering;
    }

    private void countAnswering(PoolEntry entry, int change) {
        if (entry.is(PoolEntry.State.LENT) && entry.servesLane(Lane.INTERACTIVE)) {
            answering += change;
        }
    }

    boolean leftFor(ImapServer server) {
        return taken < inAll && !full(server);
    }

    /** Whether no account at all can get a connection more, not even by closing an idle one. */
    boolean exhausted() {
        return taken >= inAll && idle.isEmpty();
    }

    /**
     * The least recently used idle connection that stands in the way of one more to this server.
     */
    @Nullable PoolEntry oldestIdleInTheWayOf(ImapServer server) {
        boolean full = full(server);
        return idle.stream()
                .filter(entry -> !full || entry.server().equals(server))
                .findFirst()
                .orElse(null);
    }

    private boolean full(ImapServer server) {
        return servers.getOrDefault(server, 0) >= perServer;
    }
}
