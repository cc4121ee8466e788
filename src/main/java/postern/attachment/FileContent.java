package postern.attachment;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The octets of a file, or of a range of it, ready to be sent. It must be closed. */
interface FileContent extends AutoCloseable {

    /** How long the whole file is, where that is known before it is sent. */
    OptionalLong fileLength();

    /** The range that this is; null for the whole file. */
    ByteRange.@Nullable Slice slice();

    /**
     * Sends the octets, exactly as many as were announced. Throws IOException when the client is
     * gone and an ImapException when the mail server fails; the response must then be cut off.
     */
    void transferTo(OutputStream out) throws IOException;

    /** Never throws. */
    @Override
    void close();
}
