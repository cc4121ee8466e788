package postern.attachment;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A file on its way from the mail server through the decoder to the client. */
final class StreamedContent implements Content {

    // Few large writes, and a failure at the very beginning is a problem instead of a file that is
    // cut. Whatever a decoder gives beyond that at once is taken as well.
    private static final int ENOUGH = 64 * 1024;

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
        try (var ahead = new ReadAhead(new Wanted(), pace.longestWrite())) {
            ahead.start();
            for (var piece = ahead.next(); piece != null; piece = ahead.next()) {
                long started = System.nanoTime();
                out.write(piece.octets(), 0, piece.length());
                if (pace.slow(piece.length(), System.nanoTime() - started)) {
                    ahead.slowDown();
                }
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }

    /** The octets that were announced, no fewer and no more. */
    private final class Wanted implements ReadAhead.Source {

        private final long announced =
                slice != null ? slice.octets() : fileLength.orElse(Long.MAX_VALUE);
        private long read;

        @Override
        public int read(byte[] buffer) throws IOException {
            if (read == 0 && decoded.readNBytes(skip).length < skip) {
                throw SectionSource.notAsAnnounced();
            }
            int wanted = (int) Math.min(buffer.length, announced - read);
            int some = 0;
            int more = 0;
            while (some < Math.min(wanted, ENOUGH) && more >= 0) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("the client has left");
                }
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

        @Override
        public void slowDown() {
            source.slowDown();
        }
    }
}
