package postern.attachment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A file on its way from the mail server through the decoder to the client, in one buffer. */
final class StreamedContent implements Content {

    // Larger than the servlet container's own buffer, so that it passes the octets on without
    // copying them.
    private static final int BUFFER = 128 * 1024;

    private final SectionSource source;
    private final InputStream decoded;
    private final OptionalLong fileLength;
    private final ByteRange.@Nullable Slice slice;
    private final int skip;
    private final Pace pace;

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
            Pace pace) {
        this.source = source;
        this.decoded = decoded;
        this.fileLength = fileLength;
        this.slice = slice;
        this.skip = skip;
        this.pace = pace;
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
        if (decoded.readNBytes(skip).length < skip) {
            throw SectionSource.notAsAnnounced();
        }
        long announced = slice != null ? slice.octets() : fileLength.orElse(Long.MAX_VALUE);
        var buffer = new byte[BUFFER];
        long sent = 0;
        while (sent < announced) {
            // A full buffer at a time: few large writes, and a failure at the very beginning is a
            // problem instead of a file that is cut.
            int wanted = (int) Math.min(buffer.length, announced - sent);
            int some = decoded.readNBytes(buffer, 0, wanted);
            if (some == 0) {
                break;
            }
            sent += some;
            if (slice == null && sent == announced && decoded.read() >= 0) {
                // Sent as it is, it would look complete.
                throw SectionSource.notAsAnnounced();
            }
            write(out, buffer, some);
        }
        if (announced != Long.MAX_VALUE && sent < announced) {
            throw SectionSource.notAsAnnounced();
        }
    }

    private void write(OutputStream out, byte[] buffer, int some) throws IOException {
        long started = System.nanoTime();
        out.write(buffer, 0, some);
        if (pace.slow(some, System.nanoTime() - started)) {
            source.slowDown();
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
