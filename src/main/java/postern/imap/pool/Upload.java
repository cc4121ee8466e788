package postern.imap.pool;

import java.io.IOException;
import java.io.InputStream;
import postern.imap.ChangeWatch;

/**
 * A message on its way to the server, which has changed nothing as long as it lacks one octet of it
 * (RFC 9051 §4.3: a literal is the octets announced or nothing).
 */
final class Upload extends InputStream {

    private final InputStream message;
    private long missing;
    private Runnable undo = () -> {};

    Upload(InputStream message, long octets) {
        this.message = message;
        this.missing = octets;
        handedOver(0);
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
