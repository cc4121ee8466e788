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
 * Buffers octets for the mail server: small content in memory, larger content in a file, which
 * counts against {@link SpoolSpace} and is deleted on close. Not thread-safe.
 */
public class SpooledOctets extends OutputStream {

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

    /** Reserves disk space for this many octets; throws SpoolFull if there is not enough. */
    public void reserve(long octets) {
        if (octets > taken) {
            space.take(octets - taken);
            taken = octets;
        }
    }

    @Override
    public final void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Throws SpoolFull if there is not enough disk space. */
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

    /** Ends the writing; if a file is used, closes it and frees the buffer. */
    public void end() throws IOException {
        if (out != null && memory.length > 0) {
            spill(memory, 0, filled);
            filled = 0;
            memory = new byte[0];
            out.close();
        }
    }

    /** Ends the writing and returns a new stream of the content with each call. */
    public InputStream open() throws IOException {
        end();
        return file == null
                ? new ByteArrayInputStream(memory, 0, filled)
                : new BufferedInputStream(Files.newInputStream(file), BUFFER);
    }

    /** Deletes the content, which can no longer be read. */
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
