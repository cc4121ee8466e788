package postern.octets;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds octets in arrays, eight at a time: messages of many megabytes are looked through several
 * times on their way.
 *
 * <p>{@code (x - n * ONES) & ~x & HIGH_BITS} has its lowest bit in the lowest octet of {@code x}
 * that is below {@code n}, and is 0 where there is none. Its other bits say nothing.
 */
public final class OctetScan {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private OctetScan() {}

    /** The index of the first CR or LF; {@code to} where there is none. */
    public static int lineEnd(byte[] octets, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            // few octets but CR and LF are as low, so that one comparison does for both
            long found = below((long) LONGS.get(octets, i), '\r' + 1);
            if (found == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfTrailingZeros(found) >>> 3;
            if (endsLine(octets[i])) {
                return i;
            }
            i++;
        }
        while (i < to && !endsLine(octets[i])) {
            i++;
        }
        return i;
    }

    private static boolean endsLine(byte octet) {
        return octet == '\r' || octet == '\n';
    }

    public static boolean hasNul(byte[] octets, int from, int to) {
        long found = 0;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            found |= below((long) LONGS.get(octets, i), 1);
        }
        for (; i < to; i++) {
            found |= octets[i] == 0 ? 1 : 0;
        }
        return found != 0;
    }

    /** Whether no octet is above 127. */
    public static boolean ascii(byte[] octets, int from, int to) {
        long all = 0;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            all |= (long) LONGS.get(octets, i);
        }
        for (; i < to; i++) {
            all |= octets[i];
        }
        return (all & HIGH_BITS) == 0;
    }

    private static long below(long word, int limit) {
        return (word - limit * ONES) & ~word & HIGH_BITS;
    }
}
