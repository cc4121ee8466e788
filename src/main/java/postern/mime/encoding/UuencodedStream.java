package postern.mime.encoding;

import java.io.InputStream;
import java.util.Arrays;

/** Decodes uuencode (POSIX), used in mail before MIME and sometimes today. */
final class UuencodedStream extends BlockDecodingStream {

    private static final byte[] BEGIN = {'b', 'e', 'g', 'i', 'n', ' '};
    private static final byte[] END = {'e', 'n', 'd'};

    private static final int MOST_OCTETS_A_LINE = 63;

    private boolean inside;
    private boolean overlong;

    UuencodedStream(InputStream encoded) {
        super(encoded);
    }

    @Override
    int decodeBlock(byte[] into) {
        int out = 0;
        while (next < limit && into.length - out >= MOST_OCTETS_A_LINE) {
            int end = lineEnd();
            if (end == limit && !ended) {
                dropOverlongLine();
                return out;
            }
            out = overlong ? out : line(next, end, into, out);
            overlong = false;
            next = Math.min(end + 1, limit);
        }
        return out;
    }

    private int lineEnd() {
        int end = next;
        while (end < limit && block[end] != '\n') {
            end++;
        }
        return end;
    }

    /**
     * Drops a line that fills the block, since it is no uuencoded line; a shorter one waits for its
     * rest.
     */
    private void dropOverlongLine() {
        if (next == 0) {
            overlong = true;
            next = limit;
        }
    }

    private int line(int start, int lineEnd, byte[] into, int out) {
        int end = lineEnd > start && block[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (!inside) {
            inside = startsWith(BEGIN, start, end);
            return out;
        }
        if (end - start == END.length && startsWith(END, start, end)) {
            inside = false;
            return out;
        }
        return end == start ? out : data(start, end, into, out);
    }

    private int data(int start, int end, byte[] into, int at) {
        int length = sextet(start, end);
        for (int octet = 0; octet < length; octet++) {
            int digit = start + 1 + octet / 3 * 4 + octet % 3;
            int bits = sextet(digit, end) << 6 | sextet(digit + 1, end);
            into[at + octet] = (byte) (bits >>> (4 - octet % 3 * 2));
        }
        return at + length;
    }

    // The digit for zero is a space, and trailing spaces are lost in transport.
    private int sextet(int at, int end) {
        return at < end ? (block[at] - ' ') & 0x3F : 0;
    }

    private boolean startsWith(byte[] word, int start, int end) {
        return end - start >= word.length
                && Arrays.mismatch(block, start, start + word.length, word, 0, word.length) < 0;
    }
}
