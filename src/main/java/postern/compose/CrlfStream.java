package postern.compose;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Converts all line ends to CRLF (RFC 5322 §2.3). */
final class CrlfStream extends FilterOutputStream {

    private boolean afterCarriageReturn;
    private boolean changed;
    private byte[] buffer = {};
    private int filled;

    CrlfStream(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (buffer.length < 2 * length + 2) {
            buffer = new byte[2 * length + 2];
        }
        filled = 0;
        for (int i = offset; i < offset + length; i++) {
            take(octets[i]);
        }
        out.write(buffer, 0, filled);
    }

    /** A CR is held back until the next octet is known. */
    private void take(byte octet) {
        boolean returned = afterCarriageReturn;
        afterCarriageReturn = octet == '\r';
        if (returned || octet == '\n') {
            changed |= !returned || octet != '\n';
            buffer[filled++] = '\r';
            buffer[filled++] = '\n';
        }
        if (octet != '\n' && octet != '\r') {
            buffer[filled++] = octet;
        }
    }

    /** Whether any line end was converted. */
    boolean changed() {
        return changed;
    }

    /** Completes a final CR; does not close the stream below. */
    @Override
    public void close() throws IOException {
        if (afterCarriageReturn) {
            out.write('\r');
            out.write('\n');
            changed = true;
            afterCarriageReturn = false;
        }
        out.flush();
    }
}
