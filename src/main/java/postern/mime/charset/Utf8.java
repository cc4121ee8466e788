package postern.mime.charset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The result of scanning octets as UTF-8 (RFC 3629).
 *
 * @param multiByte well-formed characters of two octets or more
 * @param malformed octets that are not part of a well-formed character
 * @param cutOff octets of an incomplete character at the end
 */
public record Utf8(int multiByte, int malformed, int cutOff) {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    public static Utf8 scan(byte[] octets, int from, int to) {
        int multiByte = 0;
        int malformed = 0;
        int i = from;
        while ((i = nextNonAscii(octets, i, to)) < to) {
            int length = length(octets, i, to);
            if (length > 0) {
                multiByte++;
                i += length;
            } else if (length < 0) {
                return new Utf8(multiByte, malformed, to - i);
            } else {
                malformed++;
                i++;
            }
        }
        return new Utf8(multiByte, malformed, 0);
    }

    /** Whether no octet is malformed, and either a multi-octet character occurs or all is ASCII. */
    public boolean valid() {
        return malformed == 0 && (cutOff == 0 || multiByte > 0);
    }

    boolean ascii() {
        return multiByte == 0 && malformed == 0 && cutOff == 0;
    }

    /** Whether it is more likely damaged UTF-8 than another charset. */
    boolean likely() {
        return valid() || multiByte > malformed;
    }

    public static int nextNonAscii(byte[] octets, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            long high = (long) LONGS.get(octets, i) & HIGH_BITS;
            if (high != 0) {
                return i + (Long.numberOfTrailingZeros(high) >>> 3);
            }
            i += Long.BYTES;
        }
        while (i < to && octets[i] >= 0) {
            i++;
        }
        return i;
    }

    /**
     * The number of octets of the character that starts here; 0 if malformed, -1 if the end
     * truncates it.
     */
    static int length(byte[] octets, int at, int to) {
        int lead = octets[at] & 0xFF;
        int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        for (int k = 1; k < length; k++) {
            if (at + k == to) {
                return -1;
            }
            int octet = octets[at + k] & 0xFF;
            if (octet < lowest(lead, k) || octet > highest(lead, k)) {
                return 0;
            }
        }
        return length;
    }

    // RFC 3629 section 4: the second octet rules out overlong forms, surrogates and > U+10FFFF.
    private static int lowest(int lead, int k) {
        return k > 1 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    }

    private static int highest(int lead, int k) {
        return k > 1 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    }
}
