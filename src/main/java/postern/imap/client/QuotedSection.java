package postern.imap.client;

import java.io.ByteArrayInputStream;
import postern.imap.message.SectionStream;

/** A section that the server sent as a quoted string, so that it is in memory. */
final class QuotedSection extends SectionStream {

    private final ByteArrayInputStream octets;
    private final long length;

    QuotedSection(byte[] octets) {
        this.octets = new ByteArrayInputStream(octets);
        this.length = octets.length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int read() {
        return octets.read();
    }

    @Override
    public int read(byte[] target, int offset, int size) {
        return octets.read(target, offset, size);
    }

    @Override
    public void close() {
        octets.skip(length);
    }
}
