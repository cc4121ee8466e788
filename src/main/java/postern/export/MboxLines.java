package postern.export;

import java.io.IOException;
import java.io.InputStream;

/** Reads lines, long ones in pieces, with a fixed buffer. */
final class MboxLines {

    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int scanned;
    private int filled;
    private boolean ended;

    private int start;
    private int end;
    private boolean first = true;
    private boolean last = true;

    MboxLines(InputStream in) {
        this.in = in;
    }

    /** Moves to the next line or the next piece of a long line; false at the end. */
    boolean next() throws IOException {
        first = last;
        start = scanned;
        int at = start;
        while (true) {
            while (at < filled && buffer[at] != '\n') {
                at++;
            }
            if (at < filled) {
                return piece(at, at + 1, true);
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, filled - start);
                filled -= start;
                at -= start;
                start = 0;
            }
            if (filled == buffer.length) {
                // The last octet may be the CR of a CRLF.
                return piece(filled - 1, filled - 1, false);
            }
            int count = ended ? -1 : in.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                ended = true;
                return filled > start && piece(filled, filled, true);
            }
            filled += count;
        }
    }

    private boolean piece(int end, int next, boolean last) {
        this.end = last && end > start && buffer[end - 1] == '\r' ? end - 1 : end;
        this.scanned = next;
        this.last = last;
        return true;
    }

    byte[] octets() {
        return buffer;
    }

    int start() {
        return start;
    }

    /** The end of the piece, without its line terminator. */
    int end() {
        return end;
    }

    /** Whether the piece is the first of its line. */
    boolean first() {
        return first;
    }

    /** Whether the piece is the last of its line. */
    boolean last() {
        return last;
    }

    boolean empty() {
        return first && last && start == end;
    }
}
