package postern.thread;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import postern.imap.message.UidSet;

/**
 * The UIDs of a mailbox in ascending order, four octets each. UIDs are unsigned 32-bit numbers: the
 * highest bit is inverted, so that the ints sort in the order of the UIDs.
 */
final class Uids {

    private final int[] packed;

    private Uids(int[] packed) {
        this.packed = packed;
    }

    static Uids of(UidSet uids) {
        return of(uids.stream());
    }

    /** In any order; duplicates are removed. */
    static Uids of(LongStream uids) {
        return new Uids(uids.mapToInt(Uids::pack).sorted().distinct().toArray());
    }

    private static int pack(long uid) {
        return (int) uid ^ Integer.MIN_VALUE;
    }

    private static long unpack(int packed) {
        return Integer.toUnsignedLong(packed ^ Integer.MIN_VALUE);
    }

    int count() {
        return packed.length;
    }

    long at(int index) {
        return unpack(packed[index]);
    }

    /** 0 for none. */
    long last() {
        return packed.length == 0 ? 0 : at(packed.length - 1);
    }

    /** -1 when it is not in the list. */
    int indexOf(long uid) {
        return Math.max(-1, Arrays.binarySearch(packed, pack(uid)));
    }

    boolean contains(long uid) {
        return indexOf(uid) >= 0;
    }

    /** The index of the highest UID that is at most this one; -1 for none. */
    int indexUpTo(long uid) {
        if (uid < 1) {
            return -1;
        }
        int found = Arrays.binarySearch(packed, pack(Math.min(uid, UidSet.MAX)));
        return found >= 0 ? found : -found - 2;
    }

    /** Appends these UIDs, which are all higher. */
    Uids with(LongStream higher) {
        return new Uids(
                IntStream.concat(
                                Arrays.stream(packed),
                                higher.filter(uid -> uid > last()).mapToInt(Uids::pack).sorted())
                        .distinct()
                        .toArray());
    }

    LongStream stream() {
        return Arrays.stream(packed).mapToLong(Uids::unpack);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Uids uids && Arrays.equals(packed, uids.packed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }
}
