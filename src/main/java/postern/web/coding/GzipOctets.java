package postern.web.coding;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses an answer (RFC 1952) as it is written. In front stands a file name of random length:
 * who sends mail to a user and sees how long the user's answers are could otherwise guess what else
 * is in them (BREACH).
 */
final class GzipOctets implements AutoCloseable {

    /** Most of the gain for a third of the time that the default level takes. */
    private static final int LEVEL = 3;

    private static final int MOST_PADDING = 64;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int HEADER = 10;
    private static final int BUFFER = 8 * 1024;

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 sum = new CRC32();
    private boolean begun;

    /** What is to be sent for this part of the answer, so that the client can read all of it. */
    ByteBuffer write(boolean last, ByteBuffer content) {
        var out = new ByteArrayOutputStream(content.remaining() / 4 + BUFFER / 8);
        if (!begun) {
            begun = true;
            begin(out);
        }
        sum.update(content.duplicate());
        deflater.setInput(content);
        if (last) {
            deflater.finish();
        }
        var buffer = new byte[BUFFER];
        int octets;
        do {
            octets =
                    deflater.deflate(
                            buffer,
                            0,
                            buffer.length,
                            last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
            out.write(buffer, 0, octets);
        } while (last ? !deflater.finished() : octets == buffer.length);
        if (last) {
            writeInt(out, sum.getValue());
            writeInt(out, deflater.getBytesRead());
            // it holds memory outside of the heap, and the client may read the rest slowly
            close();
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    private static void begin(ByteArrayOutputStream out) {
        var header = new byte[HEADER];
        header[0] = 0x1f;
        header[1] = (byte) 0x8b;
        header[2] = Deflater.DEFLATED;
        header[3] = 0x08; // FNAME
        header[9] = (byte) 0xff; // unknown OS
        out.writeBytes(header);
        int padding = RANDOM.nextInt(MOST_PADDING);
        for (int i = 0; i < padding; i++) {
            out.write('x');
        }
        out.write(0);
    }

    /** Least significant octet first. */
    private static void writeInt(ByteArrayOutputStream out, long value) {
        for (int i = 0; i < Integer.SIZE; i += Byte.SIZE) {
            out.write((int) (value >> i));
        }
    }

    @Override
    public void close() {
        deflater.end();
    }
}
