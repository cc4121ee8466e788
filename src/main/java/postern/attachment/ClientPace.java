package postern.attachment;

import java.time.Duration;

/**
 * Measures how fast the client reads, because a slow client must not hold a connection to the mail
 * server.
 */
final class ClientPace {

    private final DownloadProperties limits;
    private long octets;
    private long nanos;

    ClientPace(DownloadProperties limits) {
        this.limits = limits;
    }

    Duration longestWrite() {
        return limits.longestWrite();
    }

    /** Records a write and its duration; returns whether the client is slow. */
    boolean slow(int written, long took) {
        octets += written;
        nanos += took;
        if (took > limits.longestWrite().toNanos()) {
            return true;
        }
        return octets > limits.warmUp().toBytes()
                && octets * 1_000_000_000.0 / nanos < limits.slowest().toBytes();
    }
}
