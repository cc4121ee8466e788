package postern.attachment;

import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is known of a file whose octets nobody asked for (HEAD). */
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
