package postern.imap.message;

import java.io.InputStream;
import postern.imap.ImapException;

/**
 * The octets of a section, streamed from the mail server. It must be closed; closing before the end
 * is cheap when little is left, and otherwise closes the connection. A failure while reading is an
 * {@link ImapException}.
 */
public abstract class SectionStream extends InputStream {

    /** The number of octets that the server announced, starting at the requested offset. */
    public abstract long length();

    /** Never throws. */
    @Override
    public abstract void close();
}
