package postern.compose;

import java.io.IOException;
import postern.octets.OctetScan;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** Buffers a message, since APPEND needs its length before its first octet. */
final class MessageSpool extends SpooledOctets {

    private final long atMost;
    private boolean eightBit;

    MessageSpool(ComposeProperties limits, SpoolSpace space) {
        super(space);
        this.atMost = limits.maxUpload().toBytes();
    }

    /** Throws a 413 if the message is too large, and a 503 if all uploads together are. */
    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (length() + length > atMost) {
            throw new ProblemException(
                    ProblemCode.REQUEST_TOO_BIG,
                    "a message has %d octets at most here".formatted(atMost));
        }
        eightBit = eightBit || !OctetScan.ascii(source, offset, offset + length);
        super.write(source, offset, length);
    }

    /** Whether any of the octets is not ASCII. */
    boolean eightBit() {
        return eightBit;
    }

    /** Closes it after a failure; errors are ignored. */
    void discard() {
        try {
            close();
        } catch (IOException _) {
            // the file is deleted when the process ends
        }
    }
}
