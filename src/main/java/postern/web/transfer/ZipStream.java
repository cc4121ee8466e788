package postern.web.transfer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Streams a ZIP file, with names in UTF-8 and Zip64 if needed. It is valid only after {@link
 * #finish}.
 */
public final class ZipStream extends OutputStream {

    private static final int BUFFER = 64 * 1024;

    /** The earliest date that a ZIP can represent (APPNOTE 4.4.6). */
    private static final LocalDateTime EARLIEST = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final LocalDateTime LATEST = LocalDateTime.of(2107, 12, 31, 23, 59, 58);

    private final Zip zip;
    private final Set<String> names = new HashSet<>();

    public ZipStream(OutputStream out) {
        this.zip = new Zip(new BufferedOutputStream(out, BUFFER));
    }

    /**
     * Begins an entry; subsequent writes are its content.
     *
     * @param name a safe file name; a number is added if it occurs already
     * @param modified null if unknown
     * @param compressed whether the content is already compressed, so that deflating it would only
     *     cost time
     */
    public void file(String name, @Nullable Instant modified, boolean compressed)
            throws IOException {
        var entry = new ZipEntry(unique(name));
        entry.setTimeLocal(modified == null ? EARLIEST : time(modified));
        zip.setLevel(compressed ? Deflater.NO_COMPRESSION : Deflater.BEST_SPEED);
        zip.putNextEntry(entry);
    }

    @Override
    public void write(int octet) throws IOException {
        zip.write(octet);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        zip.write(source, offset, length);
    }

    /** Writes the central directory, which completes the ZIP. */
    public void finish() throws IOException {
        zip.finish();
        zip.flush();
    }

    /** Frees memory without writing anything. */
    @Override
    public void close() {
        zip.release();
    }

    private String unique(String name) {
        var candidate = name;
        int dot = name.lastIndexOf('.');
        for (int i = 2; !names.add(candidate.toLowerCase(Locale.ROOT)); i++) {
            candidate =
                    dot > 0
                            ? "%s (%d)%s".formatted(name.substring(0, dot), i, name.substring(dot))
                            : "%s (%d)".formatted(name, i);
        }
        return candidate;
    }

    private static LocalDateTime time(Instant instant) {
        var time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    }

    private static final class Zip extends ZipOutputStream {

        Zip(OutputStream out) {
            super(out, StandardCharsets.UTF_8);
        }

        void release() {
            def.end();
        }
    }
}
