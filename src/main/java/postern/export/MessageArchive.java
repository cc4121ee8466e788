package postern.export;

import java.io.IOException;
import java.io.InputStream;
import postern.imap.message.FetchedMessage;

/** Takes messages in and writes them out as one file. */
interface MessageArchive extends AutoCloseable {

    /**
     * Writes a message.
     *
     * @param facts its UID, flags and date
     * @param octets the message itself, read to its end and not closed
     */
    void add(FetchedMessage facts, InputStream octets) throws IOException;

    /** Ends the file in good order; one that failed is never finished. */
    void finish() throws IOException;

    /** Frees memory and writes nothing. */
    @Override
    void close();
}
