package postern.message.change;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import postern.message.part.HeaderField;

/** Keeps a copy of the header of the message that is read through this stream. */
final class HeaderCopy extends FilterInputStream {

    private static final int MOST = 256 << 10;

    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private boolean ended;
    private boolean lineEmpty = true;

    HeaderCopy(InputStream message) {
        super(message);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        for (int i = offset; !ended && i < offset + count; i++) {
            keep(target[i]);
        }
        return count;
    }

    private void keep(byte octet) {
        header.write(octet);
        ended = octet == '\n' && lineEmpty || header.size() == MOST;
        lineEmpty = octet == '\n' || octet == '\r' && lineEmpty;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    List<HeaderField.Raw> fields() {
        return HeaderField.split(header.toByteArray());
    }
}
