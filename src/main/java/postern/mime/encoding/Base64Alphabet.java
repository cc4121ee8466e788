package postern.mime.encoding;

import java.util.Arrays;

/** The base64 alphabet (RFC 4648 section 4), for input that the JDK's decoder rejects. */
public final class Base64Alphabet {

    static final int JUNK = -1;
    static final int PADDING = -2;

    private static final String DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final byte[] VALUES = values();

    private Base64Alphabet() {}

    /** The six bits that the digit encodes, or JUNK, or PADDING. */
    public static int valueOf(byte octet) {
        return VALUES[octet & 0xFF];
    }

    /**
     * Decodes leniently, as mail clients do: skips junk, lets padding end a group anywhere, and
     * accepts missing padding at the end. Returns the number of octets written.
     */
    public static int decode(byte[] encoded, int from, int to, byte[] into, int at) {
        int out = at;
        int bits = 0;
        int held = 0;
        for (int i = from; i < to; i++) {
            int value = VALUES[encoded[i] & 0xFF];
            if (value >= 0) {
                bits = bits << 6 | value;
                if (++held == 4) {
                    into[out++] = (byte) (bits >>> 16);
                    into[out++] = (byte) (bits >>> 8);
                    into[out++] = (byte) bits;
                    held = 0;
                }
            } else if (value == PADDING) {
                out = endGroup(bits, held, into, out);
                held = 0;
            }
        }
        return endGroup(bits, held, into, out) - at;
    }

    /** The digit that encodes the lowest six bits. */
    static byte digit(int bits) {
        return (byte) DIGITS.charAt(bits & 0x3F);
    }

    /** Writes the octets of an incomplete group and returns the next write position. */
    static int endGroup(int bits, int held, byte[] into, int at) {
        int out = at;
        if (held == 2) {
            into[out++] = (byte) (bits >>> 4);
        } else if (held == 3) {
            into[out++] = (byte) (bits >>> 10);
            into[out++] = (byte) (bits >>> 2);
        }
        return out;
    }

    private static byte[] values() {
        var values = new byte[256];
        Arrays.fill(values, (byte) JUNK);
        for (int i = 0; i < DIGITS.length(); i++) {
            values[DIGITS.charAt(i)] = (byte) i;
        }
        values['='] = PADDING;
        return values;
    }
}
