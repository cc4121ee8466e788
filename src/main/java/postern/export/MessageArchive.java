package postern.export;

import java.io.IOException;
import java.io.InputStream;
import postern.imap.message.FetchedMessage;

/** Writes messages to one file. */
interface MessageArchive extends AutoCloseable {

    /**
     * Writes a message.
     *
     * @param facts UID, flags and INTERNALDATE
     * @param octets the message, which is read to its end and not closed
     */
    void add(FetchedMessage facts, InputStream octets) throws IOException;

    /** Completes the file; not called after a failure. */
    void finish() throws IOException;

    /** Frees memory without writing anything. */
    @Override
    void close();
}
