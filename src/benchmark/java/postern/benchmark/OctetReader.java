package postern.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Finds line ends and skips octets with minimal copying: the least work that a client can do. */
final class OctetReader {

    private static final int INITIAL_SIZE = 64 << 10;

    private final InputStream in;
    private byte[] buffer = new byte[INITIAL_SIZE];
    private int start;
    private int end;
    private int lineStart;
    private int lineLength;
    private long total;

    OctetReader(InputStream in) {
        this.in = in;
    }

    /**
     * Moves to the next line, to which {@link #lineLength}, {@link #at} and {@link #line} then
     * refer.
     */
    void nextLine() throws IOException {
        int searched = start;
        int lineEnd = indexOfLineEnd(searched);
        while (lineEnd < 0) {
            searched = end - start;
            readMore();
            lineEnd = indexOfLineEnd(start + searched);
        }
        lineStart = start;
        lineLength = lineEnd - start;
        start = lineEnd + 1;
        if (lineLength > 0 && buffer[lineEnd - 1] == '\r') {
            lineLength--;
        }
    }

    /** Length of the line without its end. */
    int lineLength() {
        return lineLength;
    }

    /** An octet of the line. */
    byte at(int index) {
        return buffer[lineStart + index];
    }

    boolean lineStartsWith(byte[] prefix) {
        return lineLength >= prefix.length
                && Arrays.equals(
                        buffer, lineStart, lineStart + prefix.length, prefix, 0, prefix.length);
    }

    String line() {
        return new String(buffer, lineStart, lineLength, UTF_8);
    }

    /** Discards octets. */
    void skip(long count) throws IOException {
        long left = count;
        while (left > end - start) {
            left -= end - start;
            start = 0;
            end = 0;
            fill();
        }
        start += (int) left;
    }

    byte[] copy(int count) throws IOException {
        var copy = new byte[count];
        int done = 0;
        while (done < count) {
            await();
            int n = Math.min(count - done, end - start);
            System.arraycopy(buffer, start, copy, done, n);
            start += n;
            done += n;
        }
        return copy;
    }

    /** Waits until unread octets are available. */
    void await() throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
            fill();
        }
    }

    /** Octets read so far. */
    long total() {
        return total;
    }

    private int indexOfLineEnd(int from) {
        for (int i = from; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void readMore() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        } else if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        fill();
    }

    private void fill() throws IOException {
        int n = in.read(buffer, end, buffer.length - end);
        if (n < 0) {
            throw new EOFException();
        }
        end += n;
        total += n;
    }
}
