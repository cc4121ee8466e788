package postern.imap.pool;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import postern.imap.ChangeWatch;

/**
 * A message being uploaded. The server stores nothing until it has received every octet (RFC 9051
 * §4.3: a literal is exactly the octets announced).
 */
final class TrackedUpload extends InputStream {

    /** The number of octets from the beginning that are kept for {@link #rewind}. */
    private static final int KEPT = 256 << 10;

    private final InputStream message;
    private final long octets;
    private long remaining;
    private Runnable undo = () -> {};

    TrackedUpload(InputStream message, long octets) {
        this.message = message.markSupported() ? message : new BufferedInputStream(message);
        this.message.mark(KEPT);
        this.octets = octets;
        this.remaining = octets;
        countRead(0);
    }

    /** Restarts the message; false when more was read than is kept. */
    boolean rewind() {
        try {
            message.reset();
        } catch (IOException _) {
            return false;
        }
        remaining = octets;
        countRead(0);
        return true;
    }

    /** The server received all of the message and refused it. */
    void refused() {
        undo.run();
    }

    @Override
    public int read() throws IOException {
        int octet = message.read();
        countRead(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = message.read(target, offset, length);
        countRead(Math.max(0, count));
        return count;
    }

    private void countRead(int octets) {
        remaining -= octets;
        if (remaining <= 0) {
            undo = ChangeWatch.change();
        }
    }
}
