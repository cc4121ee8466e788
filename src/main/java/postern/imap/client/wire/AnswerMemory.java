package postern.imap.client.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that answers of mail servers may take: all of them together, those of one server, and
 * those of one exchange. A server that fills its share leaves the rest to the others.
 */
public final class AnswerMemory {

    private static final int SERVER = 2;
    private static final int ALL = 4;

    private final long exchange;
    private final AtomicLong taken = new AtomicLong();
    private final Map<Object, Share> shares = new ConcurrentHashMap<>();

    /**
     * @param exchange what one exchange may take, in octets; the connections to one server may take
     *     twice as much together, and all connections four times as much
     */
    public AnswerMemory(long exchange) {
        this.exchange = exchange;
    }

    /** The share of this server; equal servers have the same share. */
    public Share of(Object server) {
        return shares.computeIfAbsent(server, _ -> new Share());
    }

    /** How much all exchanges have taken, in octets. */
    public long taken() {
        return taken.get();
    }

    /** What the connections to one server may take together. */
    public final class Share {

        private final AtomicLong takenHere = new AtomicLong();

        private Share() {}

        long exchange() {
            return exchange;
        }

        /** Takes this many octets; false when too much is taken already. */
        boolean take(long octets) {
            if (takenHere.addAndGet(octets) > exchange * SERVER) {
                takenHere.addAndGet(-octets);
                return false;
            }
            if (taken.addAndGet(octets) > exchange * ALL) {
                giveBack(octets);
                return false;
            }
            return true;
        }

        void giveBack(long octets) {
            takenHere.addAndGet(-octets);
            taken.addAndGet(-octets);
        }
    }
}
