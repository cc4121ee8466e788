package postern.attachment;

import java.time.Duration;

/**
 * How fast the client takes the octets. A slow one must not hold a connection to the mail server
 * for as long as it likes.
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

    /** Notes a write and what it took; answers whether the client is slow. */
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
