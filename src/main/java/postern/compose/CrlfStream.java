package postern.compose;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import postern.octets.OctetScan;

/** Converts all line ends to CRLF (RFC 5322 §2.3). */
final class CrlfStream extends FilterOutputStream {

    private static final byte[] CRLF = {'\r', '\n'};

    private boolean afterCarriageReturn;
    private boolean changed;

    CrlfStream(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Passes on as much at once as has CRLF at the end of each line. */
    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        int end = offset + length;
        int from = offset;
        if (afterCarriageReturn && length > 0) {
            afterCarriageReturn = false;
            boolean regular = octets[from] == '\n';
            endLine(regular);
            from += regular ? 1 : 0;
        }
        int at = OctetScan.lineEnd(octets, from, end);
        while (at < end) {
            boolean returned = octets[at] == '\r';
            if (returned && at + 1 < end && octets[at + 1] == '\n') {
                at += 2;
            } else {
                out.write(octets, from, at - from);
                if (returned && at + 1 == end) {
                    afterCarriageReturn = true; // the next octet tells whether it ends a line
                } else {
                    endLine(false);
                }
                from = ++at;
            }
            at = OctetScan.lineEnd(octets, at, end);
        }
        out.write(octets, from, end - from);
    }

    /**
     * @param regular whether it ended with CRLF before
     */
    private void endLine(boolean regular) throws IOException {
        out.write(CRLF, 0, CRLF.length);
        changed |= !regular;
    }

    /** Whether any line end was converted. */
    boolean changed() {
        return changed;
    }

    /** Completes a final CR; does not close the stream below. */
    @Override
    public void close() throws IOException {
        if (afterCarriageReturn) {
            endLine(false);
            afterCarriageReturn = false;
        }
        out.flush();
    }
}
