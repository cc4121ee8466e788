package postern.message.change;

import java.io.IOException;
import java.io.InputStream;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;

/** The first octets of a message, which identify it when it is unknown whether it was stored. */
public final class MessageBeginning {

    public static final SectionRange SECTION =
            SectionRange.first(Section.MESSAGE, BeginningDigest.OCTETS);

    private MessageBeginning() {}

    /** The hash of these octets. */
    public static String hash(byte[] beginning) {
        return BeginningDigest.of(beginning);
    }

    /** As above, of the first octets of this stream. */
    public static String hash(InputStream message) throws IOException {
        return hash(message.readNBytes(BeginningDigest.OCTETS));
    }
}
