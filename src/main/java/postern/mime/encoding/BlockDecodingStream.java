package postern.mime.encoding;

import java.io.IOException;
import java.io.InputStream;

/**
 * A decoder that looks at a whole block of its input at a time. What it leaves undecoded is at the
 * beginning of the next block.
 */
abstract class BlockDecodingStream extends DecodingStream {

    static final int BLOCK = 48 * 1024;

    /** The block; its octets from {@link #next} to {@link #limit} are not decoded yet. */
    final byte[] block = new byte[BLOCK];

    int next;
    int limit;

    /** Whether no more input follows the block. */
    boolean ended;

    BlockDecodingStream(InputStream encoded) {
        super(encoded, BLOCK);
    }

    /** Decodes from the block and advances {@link #next}; returns the number of octets decoded. */
    abstract int decodeBlock(byte[] into);

    @Override
    final int decodeMore(InputStream encoded, byte[] into) throws IOException {
        fill(encoded);
        return limit == 0 ? -1 : decodeBlock(into);
    }

    /** Moves the remaining octets to the front and refills the block. */
    private void fill(InputStream encoded) throws IOException {
        System.arraycopy(block, next, block, 0, limit - next);
        limit -= next;
        next = 0;
        if (!ended) {
            limit += encoded.readNBytes(block, limit, BLOCK - limit);
            ended = limit < BLOCK;
        }
    }
}
