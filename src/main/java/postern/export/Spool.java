package postern.export;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import postern.web.SpoolSpace;

/**
 * Octets of which nobody knows yet how many they will be: in memory at first, in a file when they
 * are many, and dropped when they are too many.
 */
final class Spool implements AutoCloseable {

    /** What is larger goes to disk. */
    static final int HELD_AT_MOST = 512 * 1024;

    private final SpoolSpace space;
    private final long most;
    private byte[] held = new byte[8 * 1024];
    private int filled;
    private long octets;
    private long taken;
    private @Nullable Path file;
    private @Nullable OutputStream out;

    Spool(SpoolSpace space, long most) {
        this.space = space;
        this.most = most;
    }

    /** Throws SpoolFull when the disk has no room for it. */
    void write(byte[] source, int offset, int length) throws IOException {
        octets += length;
        if (octets > most) {
            close();
            return;
        }
        if (filled + length > held.length) {
            makeRoom(length);
        }
        System.arraycopy(source, offset, held, filled, length);
        filled += length;
    }

    private void makeRoom(int length) throws IOException {
        if (filled + length <= HELD_AT_MOST) {
            int size = Math.max(filled + length, held.length * 2);
            held = Arrays.copyOf(held, Math.min(HELD_AT_MOST, size));
            return;
        }
        flush();
        if (length > held.length) {
            held = new byte[length];
        }
    }

    private void flush() throws IOException {
        var to = out;
        if (to == null) {
            var made = space.newFile();
            file = made;
            to = Files.newOutputStream(made);
            out = to;
        }
        space.take(filled);
        taken += filled;
        to.write(held, 0, filled);
        filled = 0;
    }

    /** Ends the writing. */
    void end() throws IOException {
        if (out != null) {
            flush();
            out.close();
            held = new byte[0];
        }
    }

    /** How many octets were written, also of those that were dropped. */
    long octets() {
        return octets;
    }

    boolean tooMany() {
        return octets > most;
    }

    InputStream read() throws IOException {
        return file == null
                ? new ByteArrayInputStream(held, 0, filled)
                : Files.newInputStream(file);
    }

    /** Drops what was written. */
    @Override
    public void close() throws IOException {
        held = new byte[0];
        filled = 0;
        if (out != null) {
            out.close();
            out = null;
        }
        if (file != null) {
            Files.deleteIfExists(file);
            file = null;
        }
        space.giveBack(taken);
        taken = 0;
    }
}
