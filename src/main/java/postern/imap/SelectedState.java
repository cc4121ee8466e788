package postern.imap;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;

/**
 * What the connection knows of its selected mailbox (RFC 9051 §6.3.2), kept up by every answer
 * since.
 *
 * @param messages how many there are
 * @param uidNext the next UID as of SELECT; 0 when the server did not say
 * @param highestModSeq as of SELECT; null where the mailbox has no mod-sequences (RFC 7162)
 * @param newKeywords whether keywords that the mailbox has not seen yet can be stored
 * @param permanentFlags those that can be stored (RFC 9051 §7.1); null where the server did not
 *     say, which means all
 * @param mailboxId what names the mailbox whatever its name, and never another one (RFC 8474 §4);
 *     null where the server did not say
 * @param readOnly whether the server opened it for reading alone, also where more was asked for
 */
public record SelectedState(
        long messages,
        long uidValidity,
        long uidNext,
        @Nullable Long highestModSeq,
        boolean newKeywords,
        @Nullable Set<Flag> permanentFlags,
        @Nullable String mailboxId,
        boolean readOnly) {

    /** Whether what is stored of this flag stays. */
    public boolean keeps(Flag flag) {
        return permanentFlags == null
                || permanentFlags.contains(flag)
                || newKeywords && flag.keyword();
    }
}
