package postern.imap.pool;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import postern.imap.ChangeWatch;

/**
 * A message on its way to the server, which has changed nothing as long as it lacks one octet of it
 * (RFC 9051 §4.3: a literal is the octets announced or nothing).
 */
final class TrackedUpload extends InputStream {

    /** How much of its beginning is kept, in octets. */
    private static final int KEPT = 256 << 10;

    private final InputStream message;
    private final long octets;
    private long missing;
    private Runnable undo = () -> {};

    TrackedUpload(InputStream message, long octets) {
        this.message = message.markSupported() ? message : new BufferedInputStream(message);
        this.message.mark(KEPT);
        this.octets = octets;
        this.missing = octets;
        handedOver(0);
    }

    /** Begins anew; false when too much of it has gone. */
    boolean rewind() {
        try {
            message.reset();
        } catch (IOException _) {
            return false;
        }
        missing = octets;
        handedOver(0);
        return true;
    }

    /** The server had it all and refused it. */
    void refused() {
        undo.run();
    }

    @Override
    public int read() throws IOException {
        int octet = message.read();
        handedOver(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int some = message.read(target, offset, length);
        handedOver(Math.max(0, some));
        return some;
    }

    private void handedOver(int octets) {
        missing -= octets;
        if (missing <= 0) {
            undo = ChangeWatch.change();
        }
    }
}
