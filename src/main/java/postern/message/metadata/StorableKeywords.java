package postern.message.metadata;

import java.util.Optional;
import postern.imap.message.Flag;

/** The keywords of RFC 8621 §4.1.1 for other features. */
public final class StorableKeywords {

    private StorableKeywords() {}

    /** The flag that a keyword stands for; empty when a client may not send it. */
    public static Optional<Flag> flag(String keyword) {
        return Keywords.flag(keyword);
    }
}
