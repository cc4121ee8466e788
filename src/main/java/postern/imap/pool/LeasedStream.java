package postern.imap.pool;

import java.io.IOException;
import postern.imap.SectionStream;

/** A section that is read while the connection is lent; past that it cannot be read by mistake. */
final class LeasedStream extends SectionStream {

    private final Lease lease;
    private final SectionStream stream;

    LeasedStream(Lease lease, SectionStream stream) {
        this.lease = lease;
        this.stream = stream;
    }

    @Override
    public long length() {
        return stream.length();
    }

    @Override
    public int read() throws IOException {
        return lent().read();
    }

    @Override
    public int read(byte[] target, int offset, int size) throws IOException {
        return lent().read(target, offset, size);
    }

    @Override
    public int available() throws IOException {
        return lent().available();
    }

    @Override
    public void close() {
        stream.close();
    }

    private SectionStream lent() {
        lease.connection();
        return stream;
    }
}
