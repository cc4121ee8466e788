package postern.imap.pool;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import postern.imap.message.SectionStream;

/**
 * A section stream that fails once its lease has ended, so that it cannot read another borrower's
 * octets.
 */
final class LeasedStream extends SectionStream {

    private final Lease lease;
    private final SectionStream stream;
    private int lastRead;

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
        pause();
        lastRead = lent().read(target, offset, size);
        return lastRead;
    }

    @Override
    public int available() throws IOException {
        return lent().available();
    }

    @Override
    public void close() {
        stream.close();
    }

    /** Pauses after a read, so that interactive commands are served first. */
    private void pause() {
        long nanos = lastRead > 0 ? lease.pauseAfter(lastRead) : 0;
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }

    private SectionStream lent() {
        lease.connection();
        return stream;
    }
}
