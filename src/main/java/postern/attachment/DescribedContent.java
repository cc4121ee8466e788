package postern.attachment;

import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The answer to a HEAD request: the length of a file, without its octets. */
record DescribedContent(OptionalLong fileLength) implements FileContent {

    @Override
    public ByteRange.@Nullable Slice slice() {
        return null;
    }

    @Override
    public void transferTo(OutputStream out) {
        throw new IllegalStateException("the octets were not asked for");
    }

    @Override
    public void close() {}
}
