package postern.compose;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import postern.web.ProblemCode;
import postern.web.ProblemException;
import postern.web.SpoolSpace;

/**
 * Octets whose number must be known before the first of them is sent: in memory while they are few,
 * then in a file, which is gone when this is closed.
 */
final class Spool extends OutputStream {

    private static final int IN_MEMORY = 256 << 10;
    private static final int BUFFER = 64 << 10;

    private final long atMost;
    private final SpoolSpace space;
    private byte[] memory = new byte[8 << 10];
    private int filled;
    private long written;
    private long taken;
    private boolean eightBit;
    private @Nullable Path file;
    private @Nullable OutputStream out;

    Spool(ComposeProperties limits, SpoolSpace space) {
        this.atMost = limits.maxUpload().toBytes();
        this.space = space;
    }

    /** Makes sure of the disk's room for so many octets; throws a 503 when it is not there. */
    void reserve(long octets) {
        if (octets > taken) {
            space.take(octets - taken);
            taken = octets;
        }
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Throws a 413 when it is too much, and a 503 when that is what all uploads are. */
    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (length() + length > atMost) {
            throw new ProblemException(
                    ProblemCode.REQUEST_TOO_BIG,
                    "a message has %d octets at most here".formatted(atMost));
        }
        for (int i = offset; !eightBit && i < offset + length; i++) {
            eightBit = octets[i] < 0;
        }
        if (filled + length > IN_MEMORY) {
            flushMemory();
        }
        if (length > IN_MEMORY) {
            spill(octets, offset, length);
            return;
        }
        if (filled + length > memory.length) {
            memory = Arrays.copyOf(memory, Math.min(IN_MEMORY, 2 * (filled + length)));
        }
        System.arraycopy(octets, offset, memory, filled, length);
        filled += length;
    }

    private void flushMemory() throws IOException {
        spill(memory, 0, filled);
        filled = 0;
    }

    private void spill(byte[] octets, int offset, int length) throws IOException {
        reserve(written + length);
        file().write(octets, offset, length);
        written += length;
    }

    private OutputStream file() throws IOException {
        var open = out;
        if (open == null) {
            var made = space.newFile();
            file = made;
            open = Files.newOutputStream(made);
            out = open;
        }
        return open;
    }

    long length() {
        return written + filled;
    }

    /** Whether any of the octets is not ASCII. */
    boolean eightBit() {
        return eightBit;
    }

    /** Reads what has been written. */
    InputStream open() throws IOException {
        var path = file;
        if (path == null) {
            return new ByteArrayInputStream(memory, 0, filled);
        }
        flushMemory();
        file().flush();
        return new BufferedInputStream(Files.newInputStream(path), BUFFER);
    }

    /** Closes it after a failure, which says enough. */
    void discard() {
        try {
            close();
        } catch (IOException _) {
            // a file that cannot be deleted now is left to the system
        }
    }

    @Override
    public void close() throws IOException {
        try (var open = out) {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } finally {
            space.giveBack(taken);
            taken = 0;
        }
    }
}
