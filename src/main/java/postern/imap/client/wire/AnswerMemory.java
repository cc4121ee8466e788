package postern.imap.client.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The heap that answers of mail servers may take: all of them together, those of one server, and
 * those of one exchange. A server that fills its share leaves the rest to the others. Safe for use
 * by many threads.
 */
public final class AnswerMemory {

    private static final int SERVER = 2;
    private static final int ALL = 4;

    private final long exchange;
    private long taken;
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
    public synchronized long taken() {
        return taken;
    }

    private synchronized boolean take(Share share, long octets, long held) {
        if (share.taken + octets > exchange * SERVER || taken + octets > exchange * ALL) {
            giveBack(share, held);
            return false;
        }
        share.taken += octets;
        taken += octets;
        return true;
    }

    private synchronized void giveBack(Share share, long octets) {
        share.taken -= octets;
        taken -= octets;
    }

    /** What the connections to one server may take together. */
    public final class Share {

        private long taken;

        private Share() {}

        long exchange() {
            return exchange;
        }

        /**
         * Takes this many octets in addition to those that are held. False when too much is taken
         * already; then what was held is given back in the same step. So of exchanges that fill the
         * memory together, only as many are refused as must be: the last of them finds the memory
         * of those before it free.
         */
        boolean take(long octets, long held) {
            return AnswerMemory.this.take(this, octets, held);
        }

        void giveBack(long octets) {
            AnswerMemory.this.giveBack(this, octets);
        }
    }
}
