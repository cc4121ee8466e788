package postern.attachment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import postern.imap.RequestTime;

/** A file that is streamed from the mail server through the decoder to the client. */
final class StreamedContent implements FileContent {

    // Holds a whole block of the Base64 decoder. Larger buffers do not fit into the CPU caches.
    private static final int BUFFER = 64 * 1024;

    // Octets are collected so that there are few large writes, and so that an early failure becomes
    // a problem response instead of a truncated file. Any further octets of the same read are kept
    // too.
    private static final int ENOUGH = BUFFER / 2;

    private final SectionSource source;
    private final InputStream decoded;
    private final OptionalLong fileLength;
    private final ByteRange.@Nullable Slice slice;
    private final int skip;
    private final ClientPace pace;
    private final long announced;
    private long read;

    /**
     * @param decoded the octets to send, decoded from the source
     * @param skip number of decoded octets before the first one to send
     */
    StreamedContent(
            SectionSource source,
            InputStream decoded,
            OptionalLong fileLength,
            ByteRange.@Nullable Slice slice,
            int skip,
            ClientPace pace) {
        this.source = source;
        this.decoded = decoded;
        this.fileLength = fileLength;
        this.slice = slice;
        this.skip = skip;
        this.pace = pace;
        this.announced = slice != null ? slice.octets() : fileLength.orElse(Long.MAX_VALUE);
    }

    @Override
    public OptionalLong fileLength() {
        return fileLength;
    }

    @Override
    public ByteRange.@Nullable Slice slice() {
        return slice;
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        RequestTime.lift();
        var buffer = new byte[BUFFER];
        try (var client = new WatchedWriter(out, pace.longestWrite(), source::slowDown)) {
            for (int count = read(buffer); count > 0; count = read(buffer)) {
                if (pace.slow(count, client.write(buffer, count))) {
                    source.slowDown();
                }
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }

    /**
     * Fills at least a good part of the buffer, and never reads past the announced octets; returns
     * 0 at the end.
     */
    private int read(byte[] buffer) throws IOException {
        if (read == 0 && decoded.readNBytes(skip).length < skip) {
            throw SectionSource.notAsAnnounced();
        }
        int wanted = (int) Math.min(buffer.length, announced - read);
        int count = 0;
        int more = 0;
        while (count < Math.min(wanted, ENOUGH) && more >= 0) {
            more = decoded.read(buffer, count, wanted - count);
            count += Math.max(more, 0);
        }
        read += count;
        if (count > 0 && slice == null && read == announced && decoded.read() >= 0) {
            // Sending it would make a truncated file look complete.
            throw SectionSource.notAsAnnounced();
        }
        if (count == 0 && read < announced && announced != Long.MAX_VALUE) {
            throw SectionSource.notAsAnnounced();
        }
        return count;
    }
}
