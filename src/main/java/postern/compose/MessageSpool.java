package postern.compose;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** Buffers a message, since APPEND needs its length before its first octet. */
final class Spool extends OutputStream {

    private final long atMost;
    private final SpooledOctets octets;
    private boolean eightBit;

    Spool(ComposeProperties limits, SpoolSpace space) {
        this.atMost = limits.maxUpload().toBytes();
        this.octets = new SpooledOctets(space);
    }

    /** Reserves disk space for this many octets; throws a 503 if there is not enough. */
    void reserve(long announced) {
        octets.reserve(announced);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Throws a 413 if the message is too large, and a 503 if all uploads together are. */
    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (length() + length > atMost) {
            throw new ProblemException(
                    ProblemCode.REQUEST_TOO_BIG,
                    "a message has %d octets at most here".formatted(atMost));
        }
        for (int i = offset; !eightBit && i < offset + length; i++) {
            eightBit = source[i] < 0;
        }
        octets.write(source, offset, length);
    }

    long length() {
        return octets.length();
    }

    /** Whether any of the octets is not ASCII. */
    boolean eightBit() {
        return eightBit;
    }

    /** Ends the writing and opens the content. */
    InputStream open() throws IOException {
        return octets.open();
    }

    /** Closes it after a failure; errors are ignored. */
    void discard() {
        try {
            close();
        } catch (IOException _) {
            // the file is deleted when the process ends
        }
    }

    @Override
    public void close() throws IOException {
        octets.close();
    }
}
