package postern.web.transfer;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Octets that wait for the mail server: in memory while they are few, then in a file, which takes
 * room of the space and is gone when this is closed. For one thread.
 */
public final class SpooledOctets extends OutputStream {

    private static final int IN_MEMORY = 256 << 10;
    private static final int BUFFER = 64 << 10;

    private final SpoolSpace space;
    private byte[] memory = new byte[8 << 10];
    private int filled;
    private long written;
    private long taken;
    private @Nullable Path file;
    private @Nullable OutputStream out;

    public SpooledOctets(SpoolSpace space) {
        this.space = space;
    }

    /** Makes sure of the disk's room for so many octets; throws SpoolFull when it is not there. */
    public void reserve(long octets) {
        if (octets > taken) {
            space.take(octets - taken);
            taken = octets;
        }
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Throws SpoolFull when the disk has no room for it. */
    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (filled + length > IN_MEMORY) {
            spill(memory, 0, filled);
            filled = 0;
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

    private void spill(byte[] octets, int offset, int length) throws IOException {
        reserve(written + length);
        var open = out;
        if (open == null) {
            var made = space.newFile();
            file = made;
            open = Files.newOutputStream(made);
            out = open;
        }
        open.write(octets, offset, length);
        written += length;
    }

    public long length() {
        return written + filled;
    }

    /** Ends the writing: what is in a file takes no memory any more, nor is it open. */
    public void end() throws IOException {
        if (out != null && memory.length > 0) {
            spill(memory, 0, filled);
            filled = 0;
            memory = new byte[0];
            out.close();
        }
    }

    /** Ends the writing and reads what has been written, as often as it is called. */
    public InputStream open() throws IOException {
        end();
        return file == null
                ? new ByteArrayInputStream(memory, 0, filled)
                : new BufferedInputStream(Files.newInputStream(file), BUFFER);
    }

    /** Drops what was written; nothing is there to be read any more. */
    @Override
    public void close() throws IOException {
        memory = new byte[0];
        filled = 0;
        written = 0;
        var path = file;
        file = null;
        try (var _ = out) {
            out = null;
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } finally {
            space.giveBack(taken);
            taken = 0;
        }
    }
}
