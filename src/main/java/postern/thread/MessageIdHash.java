package postern.thread;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import postern.digest.Sha256;

/**
 * A 64-bit hash of a Message-ID. It is the same on all replicas, because thread ids contain it, and
 * collisions are hard to construct, because anybody can send any Message-ID.
 */
final class MessageIdHash {

    static final long NONE = 0;

    private MessageIdHash() {}

    /** Ignores folding white space. {@link #NONE} when there is no visible character. */
    static long of(byte[] octets, int from, int to) {
        var visible = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            if (octets[i] > ' ' || octets[i] < 0) {
                visible[length++] = octets[i];
            }
        }
        return length == 0 ? NONE : hash(visible, length);
    }

    /** The hash of an id with one character per octet, without angle brackets. */
    static long of(String id) {
        var octets = id.getBytes(StandardCharsets.ISO_8859_1);
        return of(octets, 0, octets.length);
    }

    private static long hash(byte[] octets, int length) {
        var digest = Sha256.start();
        digest.update(octets, 0, length);
        long hash = ByteBuffer.wrap(digest.digest()).getLong();
        return hash == NONE ? 1 : hash;
    }
}
