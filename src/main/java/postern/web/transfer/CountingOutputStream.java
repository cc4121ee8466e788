package postern.web.transfer;

import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.io.OutputStream;

/** Counts the octets that it passes on. */
public final class CountingOutputStream extends OutputStream {

    private final OutputStream out;
    private final Counter octets;

    public CountingOutputStream(OutputStream out, Counter octets) {
        this.out = out;
        this.octets = octets;
    }

    @Override
    public void write(int octet) throws IOException {
        out.write(octet);
        octets.increment();
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
        octets.increment(length);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
