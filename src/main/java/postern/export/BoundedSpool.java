package postern.export;

import java.io.IOException;
import java.io.InputStream;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** Buffers octets of unknown length; drops them if they exceed the limit. */
final class Spool implements AutoCloseable {

    private final SpooledOctets held;
    private final long most;
    private long octets;

    Spool(SpoolSpace space, long most) {
        this.held = new SpooledOctets(space);
        this.most = most;
    }

    /** Throws SpoolFull if there is not enough disk space. */
    void write(byte[] source, int offset, int length) throws IOException {
        octets += length;
        if (tooMany()) {
            held.close();
        } else {
            held.write(source, offset, length);
        }
    }

    /** Ends the writing. */
    void end() throws IOException {
        held.end();
    }

    /** The number of octets written, dropped ones included. */
    long octets() {
        return octets;
    }

    boolean tooMany() {
        return octets > most;
    }

    InputStream read() throws IOException {
        return held.open();
    }

    /** Deletes the content. */
    @Override
    public void close() throws IOException {
        held.close();
    }
}
