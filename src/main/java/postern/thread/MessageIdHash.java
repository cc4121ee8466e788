package postern.thread;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Sixty-four bits in place of a Message-ID. They are the same on every replica, since ids of
 * threads carry them, and they are hard to hit on purpose, since strangers write Message-IDs.
 */
final class MessageIdHash {

    static final long NONE = 0;

    private static final MessageDigest SHA_256 = sha256();

    private MessageIdHash() {}

    /**
     * The same for an id whether or not it was folded. {@link #NONE} for one without any visible
     * character.
     */
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

    /** Of an id with one character per octet, without its angle brackets. */
    static long of(String id) {
        var octets = id.getBytes(StandardCharsets.ISO_8859_1);
        return of(octets, 0, octets.length);
    }

    private static long hash(byte[] octets, int length) {
        try {
            var digest = (MessageDigest) SHA_256.clone();
            digest.update(octets, 0, length);
            long hash = ByteBuffer.wrap(digest.digest()).getLong();
            return hash == NONE ? 1 : hash;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
