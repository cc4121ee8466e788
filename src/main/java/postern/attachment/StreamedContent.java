package postern.attachment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A file on its way from the mail server through the decoder to the client. */
final class StreamedContent implements FileContent {

    // Takes a whole block of the Base64 decoder. Larger ones only push each other out of the
    // processor's caches.
    private static final int BUFFER = 64 * 1024;

    // Few large writes, and a failure at the very beginning is a problem instead of a file that is
    // cut. Whatever a decoder gives beyond that at once is taken as well.
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
     * @param decoded what is sent, read from the source by way of a decoder
     * @param skip how many decoded octets come before the first one wanted
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
        var buffer = new byte[BUFFER];
        try (var client = new WatchedWriter(out, pace.longestWrite(), source::slowDown)) {
            for (int some = read(buffer); some > 0; some = read(buffer)) {
                if (pace.slow(some, client.write(buffer, some))) {
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
     * Fills the buffer, or a good part of it, with octets that were announced, no fewer and no
     * more; 0 at the end.
     */
    private int read(byte[] buffer) throws IOException {
        if (read == 0 && decoded.readNBytes(skip).length < skip) {
            throw SectionSource.notAsAnnounced();
        }
        int wanted = (int) Math.min(buffer.length, announced - read);
        int some = 0;
        int more = 0;
        while (some < Math.min(wanted, ENOUGH) && more >= 0) {
            more = decoded.read(buffer, some, wanted - some);
            some += Math.max(more, 0);
        }
        read += some;
        if (some > 0 && slice == null && read == announced && decoded.read() >= 0) {
            // Sent as it is, it would look complete.
            throw SectionSource.notAsAnnounced();
        }
        if (some == 0 && read < announced && announced != Long.MAX_VALUE) {
            throw SectionSource.notAsAnnounced();
        }
        return some;
    }
}
