package postern.message.change;

import java.io.IOException;
import java.io.InputStream;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;

/** The first octets of a message, by which one can be found again that may have been stored. */
public final class MessageBeginning {

    public static final SectionRange SECTION =
            SectionRange.first(Section.MESSAGE, BeginningDigest.OCTETS);

    private MessageBeginning() {}

    /** A hash of them. */
    public static String hash(byte[] beginning) {
        return BeginningDigest.of(beginning);
    }

    /** The same of a message that is at hand. */
    public static String hash(InputStream message) throws IOException {
        return hash(message.readNBytes(BeginningDigest.OCTETS));
    }
}
