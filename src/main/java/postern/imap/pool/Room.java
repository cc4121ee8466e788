package postern.imap.pool;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.ImapServer;

/**
 * How many connections there are of each server and in all, against how many there may be. What
 * guards it is told at {@link ConnectionPool}.
 */
final class Room {

    private final int perServer;
    private final int inAll;
    private final Map<Entry.State, Integer> states = new EnumMap<>(Entry.State.class);
    private final Map<ImapServer, Integer> servers = new HashMap<>();
    private final Set<Entry> idle = new LinkedHashSet<>();
    private int taken;

    Room(int perServer, int inAll) {
        this.perServer = perServer;
        this.inAll = inAll;
    }

    void take(Entry entry) {
        taken++;
        servers.merge(entry.server(), 1, Integer::sum);
        states.merge(entry.state(), 1, Integer::sum);
    }

    /** The only way for an entry into another state. */
    void move(Entry entry, Entry.State next, long now) {
        if (entry.state().takesRoom() && !next.takesRoom()) {
            taken--;
            servers.computeIfPresent(entry.server(), (_, count) -> count == 1 ? null : count - 1);
        }
        states.merge(entry.state(), -1, Integer::sum);
        states.merge(next, 1, Integer::sum);
        idle.remove(entry);
        entry.become(next, now);
        if (next == Entry.State.IDLE) {
            idle.add(entry);
        }
    }

    int taken() {
        return taken;
    }

    int count(Entry.State state) {
        return states.getOrDefault(state, 0);
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
    @Nullable Entry oldestIdleInTheWayOf(ImapServer server) {
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
