package postern.message.metadata;

import java.util.Optional;
import postern.imap.message.Flag;

/** The keywords of RFC 8621 §4.1.1 for other features. */
public final class StorableKeywords {

    private StorableKeywords() {}

    /** The IMAP flag of a keyword; empty when clients may not set it. */
    public static Optional<Flag> flag(String keyword) {
        return Keywords.flag(keyword);
    }
}
