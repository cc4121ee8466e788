package postern.mime.encoding;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** An input stream that decodes its source block by block. */
abstract class DecodingStream extends InputStream {

    private final InputStream encoded;
    private final byte[] decoded;
    private int next;
    private int limit;
    private boolean ended;

    DecodingStream(InputStream encoded, int block) {
        this.encoded = encoded;
        this.decoded = new byte[block];
    }

    /**
     * Decodes some more input and returns the number of octets decoded, which may be 0; -1 at the
     * end.
     */
    abstract int decodeMore(InputStream encoded, byte[] into) throws IOException;

    @Override
    public int read() throws IOException {
        return hasMore() ? decoded[next++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (next == limit && offset == 0 && length >= decoded.length) {
            return decodeInto(into);
        }
        if (!hasMore()) {
            return -1;
        }
        int count = Math.min(length, limit - next);
        System.arraycopy(decoded, next, into, offset, count);
        next += count;
        return count;
    }

    @Override
    public int available() {
        return limit - next;
    }

    @Override
    public void close() throws IOException {
        encoded.close();
    }

    /** Decodes directly into the caller's buffer if a whole block fits, to avoid a copy. */
    private int decodeInto(byte[] into) throws IOException {
        int count = 0;
        while (count == 0 && !ended) {
            count = decodeMore(encoded, into);
            ended = count < 0;
        }
        return ended ? -1 : count;
    }

    private boolean hasMore() throws IOException {
        while (next == limit) {
            int count = ended ? -1 : decodeMore(encoded, decoded);
            if (count < 0) {
                ended = true;
                return false;
            }
            next = 0;
            limit = count;
        }
        return true;
    }
}
