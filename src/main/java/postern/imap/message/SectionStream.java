package postern.imap.message;

import java.io.InputStream;
import postern.imap.ImapException;

/**
 * The octets of a section, read from the mail server as they are read here. It must be closed;
 * closing early is cheap when little is left, and otherwise costs the connection. A failure while
 * reading is an {@link ImapException}.
 */
public abstract class SectionStream extends InputStream {

    /** How many octets the server announced, from the offset asked for. */
    public abstract long length();

    /** Never throws. */
    @Override
    public abstract void close();
}
