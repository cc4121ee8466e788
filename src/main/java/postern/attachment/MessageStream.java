package postern.attachment;

import java.io.IOException;
import java.io.InputStream;
import postern.imap.SelectedMailbox;

/**
 * A whole message, streamed from the mail server at the reader's pace. The time between two reads
 * measures the reader: a slow one does not hold a connection.
 */
public final class MessageStream extends InputStream {

    private final SectionSource source;
    private final ClientPace pace;
    private long returned;
    private int last;

    MessageStream(SectionSource source, SelectedMailbox mailbox, ClientPace pace) {
        this.source = source;
        this.pace = pace;
        source.open(mailbox);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (last > 0 && pace.slow(last, System.nanoTime() - returned)) {
            source.slowDown();
        }
        last = source.read(target, offset, length);
        returned = System.nanoTime();
        return last;
    }

    /** Never throws. */
    @Override
    public void close() {
        source.close();
    }
}
