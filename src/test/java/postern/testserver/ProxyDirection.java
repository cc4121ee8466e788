package postern.testserver;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The faults of one direction of a {@link FaultyProxy}, they can be changed at any time. */
public final class ProxyDirection {

    private static final long UNLIMITED = Long.MAX_VALUE;

    private record Trickle(int octets, Duration tick) {}

    private final Set<ProxyLane> lanes = ConcurrentHashMap.newKeySet();
    private final AtomicLong octets = new AtomicLong();
    private volatile long delayNanos;
    private volatile @Nullable Trickle trickle;
    private boolean stalled;
    private long left = UNLIMITED;
    private boolean holdsBack;
    private @Nullable String last;
    private int held;

    ProxyDirection() {}

    /**
     * Delays every octet by this time; order is kept, and throughput is limited by the window only.
     */
    public void delay(Duration oneWay) {
        delayNanos = oneWay.toNanos();
    }

    /** Forwards nothing, and keeps connections open, until {@link #resume()}. */
    public synchronized void stall() {
        stalled = true;
    }

    /**
     * Ends a {@link #stall()}, {@link #stallAfter} or {@link #trickle}; what was received meanwhile
     * is forwarded.
     */
    public synchronized void resume() {
        trickle = null;
        stalled = false;
        holdsBack = false;
        left = UNLIMITED;
        notifyAll();
    }

    /** Forwards this many octets at a time with a pause of one tick after each piece. */
    public void trickle(int octets, Duration tick) {
        trickle = new Trickle(octets, tick);
    }

    /**
     * Forwards this many more octets, then cuts the connection that sends the next one; later
     * connections are not affected.
     */
    public synchronized void cutAfter(long octets) {
        left = octets;
    }

    /**
     * Cuts the connection that sends this text next, and forwards nothing of what came with it;
     * later ones are not affected.
     */
    public synchronized void cutBefore(String text) {
        last = text;
    }

    /**
     * Forwards this many more octets; the connection that sends the next one stays open and sends
     * nothing until {@link #resume()}. Later connections are not affected.
     */
    public synchronized void stallAfter(long octets) {
        left = octets;
        holdsBack = true;
    }

    /** Whether a connection has something to send that {@link #stallAfter} holds back. */
    public synchronized boolean holdsBack() {
        return held > 0;
    }

    /** Sends these octets on all open connections, after those already in transit. */
    public void inject(byte[] octets) {
        lanes.forEach(lane -> lane.inject(octets));
    }

    /** {@link #inject(byte[])} of the text in UTF-8. */
    public void inject(String text) {
        inject(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Number of octets forwarded so far, injected ones included. */
    public long octets() {
        return octets.get();
    }

    /** Whether the connection that sends this is to be cut. */
    synchronized boolean cuts(byte[] sent) {
        var text = last;
        if (text == null || !new String(sent, StandardCharsets.ISO_8859_1).contains(text)) {
            return false;
        }
        last = null;
        return true;
    }

    void join(ProxyLane lane) {
        lanes.add(lane);
    }

    void leave(ProxyLane lane) {
        lanes.remove(lane);
    }

    long delayNanos() {
        return delayNanos;
    }

    int atMostAtOnce(int wanted) {
        var slow = trickle;
        return slow == null ? wanted : Math.min(wanted, slow.octets());
    }

    void passed(int count) {
        octets.addAndGet(count);
    }

    void pauseAfterWrite() throws InterruptedException {
        var slow = trickle;
        if (slow != null) {
            Thread.sleep(slow.tick());
        }
    }

    synchronized void awaitFlow() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    /**
     * Takes up to this many octets from what may still pass; fewer than wanted means: {@link
     * #mayGoOn} after these.
     */
    synchronized int take(int wanted) {
        if (left == UNLIMITED) {
            return wanted;
        }
        if (left >= wanted) {
            left -= wanted;
            return wanted;
        }
        var rest = (int) left;
        left = UNLIMITED;
        return rest;
    }

    /** Returns false when the connection is to be cut; true, and late, when it was held back. */
    synchronized boolean mayGoOn() throws InterruptedException {
        if (!holdsBack) {
            return false;
        }
        held++;
        try {
            while (holdsBack) {
                wait();
            }
        } finally {
            held--;
        }
        return true;
    }
}
