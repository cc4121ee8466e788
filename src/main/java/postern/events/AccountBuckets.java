package postern.events;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Many mailboxes in the room of few: each falls into a bucket, of which only a sum is kept. It
 * shows in which buckets something changed, and whether mailboxes came, went or were renamed.
 */
record AccountBuckets(long structure, byte[] sums) {

    private static final int BUCKETS = 143;
    private static final int SUM = 5;

    /** Its octets in an event id. */
    static final int OCTETS = Long.BYTES + BUCKETS * SUM;

    static AccountBuckets of(AccountDigest digest) {
        var sums = new long[BUCKETS];
        for (var mailbox : digest.mailboxes()) {
            sums[bucket(mailbox.key())] += AccountDigest.sum(mailbox);
        }
        var octets = new ByteArrayOutputStream();
        for (long sum : sums) {
            AccountDigest.put(octets, sum, SUM);
        }
        return new AccountBuckets(digest.structure(), octets.toByteArray());
    }

    private static int bucket(long key) {
        return (int) (key % BUCKETS);
    }

    /** Whether a mailbox with this key may be another than in that one. */
    boolean differs(AccountBuckets that, long key) {
        int from = bucket(key) * SUM;
        return !Arrays.equals(sums, from, from + SUM, that.sums, from, from + SUM);
    }

    void writeTo(ByteArrayOutputStream out) {
        AccountDigest.put(out, structure, Long.BYTES);
        out.writeBytes(sums);
    }

    /** Throws IllegalArgumentException where {@link #writeTo} cannot have written it. */
    static AccountBuckets readFrom(ByteBuffer in) {
        if (in.remaining() != OCTETS) {
            throw new IllegalArgumentException("has another length");
        }
        long structure = in.getLong();
        var sums = new byte[BUCKETS * SUM];
        in.get(sums);
        return new AccountBuckets(structure, sums);
    }
}
