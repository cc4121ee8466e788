package postern.export;

import java.io.IOException;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** Buffers octets of unknown length; drops all of them if they exceed the limit. */
final class BoundedSpool extends SpooledOctets {

    private final long most;
    private long octets;

    BoundedSpool(SpoolSpace space, long most) {
        super(space);
        this.most = most;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        octets += length;
        if (tooMany()) {
            close();
        } else {
            super.write(source, offset, length);
        }
    }

    /** The number of octets written, dropped ones included. */
    @Override
    public long length() {
        return octets;
    }

    boolean tooMany() {
        return octets > most;
    }
}
