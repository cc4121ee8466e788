package postern.imap.message;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The flags of a message at some time.
 *
 * @param flags null where only the mod-sequence was asked for
 * @param modSeq its mod-sequence (RFC 7162 §3.1); null where the server did not say
 */
public record MessageFlags(long uid, @Nullable Set<Flag> flags, @Nullable Long modSeq) {

    /** This later report, with what only the earlier one has. */
    public MessageFlags after(MessageFlags earlier) {
        return new MessageFlags(
                uid,
                flags == null ? earlier.flags : flags,
                modSeq == null ? earlier.modSeq : modSeq);
    }
}
