package postern.attachment;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The octets of a file or of a range of it, ready to be sent. Must be closed. */
interface FileContent extends AutoCloseable {

    /** The length of the whole file, if it is known before it is sent. */
    OptionalLong fileLength();

    /** The range that is sent; null for the whole file. */
    ByteRange.@Nullable Slice slice();

    /**
     * Sends exactly as many octets as announced. Throws IOException when the client is gone and an
     * ImapException when the mail server fails; the response must then be aborted.
     */
    void transferTo(OutputStream out) throws IOException;

    /** Never throws. */
    @Override
    void close();
}
