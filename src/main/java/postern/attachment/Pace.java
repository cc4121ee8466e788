package postern.attachment;

/**
 * How fast the client takes the octets. A slow one must not hold a connection to the mail server
 * for as long as it likes.
 */
final class Pace {

    /** What socket buffers swallow says nothing. */
    private static final long WARM_UP_OCTETS = 4 << 20;

    private static final long SLOWEST_OCTETS_PER_SECOND = 512 * 1024;
    private static final long LONGEST_WRITE_NANOS = 2_000_000_000L;

    private long octets;
    private long nanos;

    /** Notes a write and what it took; answers whether the client is slow. */
    boolean slow(int written, long took) {
        octets += written;
        nanos += took;
        if (took > LONGEST_WRITE_NANOS) {
            return true;
        }
        return octets > WARM_UP_OCTETS
                && octets * 1_000_000_000.0 / nanos < SLOWEST_OCTETS_PER_SECOND;
    }
}
