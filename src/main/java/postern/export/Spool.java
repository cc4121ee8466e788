package postern.export;

import java.io.IOException;
import java.io.InputStream;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** Octets of which nobody knows yet how many they will be; dropped when they are too many. */
final class Spool implements AutoCloseable {

    private final SpooledOctets held;
    private final long most;
    private long octets;

    Spool(SpoolSpace space, long most) {
        this.held = new SpooledOctets(space);
        this.most = most;
    }

    /** Throws SpoolFull when the disk has no room for it. */
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

    /** How many octets were written, also of those that were dropped. */
    long octets() {
        return octets;
    }

    boolean tooMany() {
        return octets > most;
    }

    InputStream read() throws IOException {
        return held.open();
    }

    /** Drops what was written. */
    @Override
    public void close() throws IOException {
        held.close();
    }
}
