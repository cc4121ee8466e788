package postern.export;

import java.io.IOException;
import java.io.InputStream;

/** The lines of a text, one by one and in pieces where they are long; in one buffer. */
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

    /** Goes on to the next line, or to the rest of a long one; false behind the last. */
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
                // The last octet may be the first half of a line end.
                return piece(filled - 1, filled - 1, false);
            }
            int some = ended ? -1 : in.read(buffer, filled, buffer.length - filled);
            if (some < 0) {
                ended = true;
                return filled > start && piece(filled, filled, true);
            }
            filled += some;
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

    /** Where the piece ends, without its line end. */
    int end() {
        return end;
    }

    /** Whether the piece is the beginning of its line. */
    boolean first() {
        return first;
    }

    /** Whether the piece is the end of its line. */
    boolean last() {
        return last;
    }

    boolean empty() {
        return first && last && start == end;
    }
}
