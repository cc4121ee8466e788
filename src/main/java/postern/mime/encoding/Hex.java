package postern.mime.encoding;

/** Parses hexadecimal digits in upper or lower case. */
public final class Hex {

    private Hex() {}

    /** The octet that two digits encode; -1 if either is missing or invalid. */
    public static int octetAt(byte[] octets, int at, int to) {
        if (at + 2 > to) {
            return -1;
        }
        // -1 for an invalid digit; the or then stays negative.
        return digit(octets[at]) << 4 | digit(octets[at + 1]);
    }

    static int digit(byte octet) {
        return octet < 0 ? -1 : Character.digit(octet, 16);
    }
}
