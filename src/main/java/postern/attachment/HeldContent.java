package postern.attachment;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A small file, entirely in memory. */
record HeldContent(byte[] octets, ByteRange.@Nullable Slice slice) implements FileContent {

    @Override
    public OptionalLong fileLength() {
        return OptionalLong.of(octets.length);
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        if (slice == null) {
            out.write(octets);
        } else {
            out.write(octets, (int) slice.offset(), (int) slice.octets());
        }
    }

    @Override
    public void close() {}
}
