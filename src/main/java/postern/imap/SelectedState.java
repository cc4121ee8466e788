package postern.imap;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;

/**
 * The state of the selected mailbox (RFC 9051 §6.3.2), updated by every later response.
 *
 * @param messages number of messages
 * @param uidNext the next UID as of SELECT; 0 when the server did not say
 * @param highestModSeq as of SELECT; null where the mailbox has no mod-sequences (RFC 7162)
 * @param newKeywords whether keywords that are new to the mailbox can be stored
 * @param permanentFlags the flags that can be stored (RFC 9051 §7.1); null where the server did not
 *     say, which means all
 * @param flags the flags and keywords that the mailbox knows (RFC 9051 §7.3.5); null where the
 *     server did not say
 * @param mailboxId identifies the mailbox across renames, and is never reused (RFC 8474 §4); null
 *     where the server did not say
 * @param readOnly whether the server opened it read-only, even where more was requested
 */
public record SelectedState(
        long messages,
        long uidValidity,
        long uidNext,
        @Nullable Long highestModSeq,
        boolean newKeywords,
        @Nullable Set<Flag> permanentFlags,
        @Nullable Set<Flag> flags,
        @Nullable String mailboxId,
        boolean readOnly) {

    /** As of a server whose mod-sequences are not used. */
    public SelectedState withoutModSeq() {
        return new SelectedState(
                messages,
                uidValidity,
                uidNext,
                null,
                newKeywords,
                permanentFlags,
                flags,
                mailboxId,
                readOnly);
    }

    /** Whether the server stores this flag permanently. */
    public boolean keeps(Flag flag) {
        return permanentFlags == null
                || permanentFlags.contains(flag)
                || newKeywords && flag.keyword();
    }
}
