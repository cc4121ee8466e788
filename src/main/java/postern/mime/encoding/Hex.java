package postern.mime.encoding;

/** Hexadecimal digits as mail writes them, in either case. */
public final class Hex {

    private Hex() {}

    /** The octet two digits stand for, or -1 when they are not both there. */
    public static int octetAt(byte[] octets, int at, int to) {
        if (at + 2 > to) {
            return -1;
        }
        // Both are -1 for what is no digit, and a sign survives the or.
        return digit(octets[at]) << 4 | digit(octets[at + 1]);
    }

    static int digit(byte octet) {
        return octet < 0 ? -1 : Character.digit(octet, 16);
    }
}
