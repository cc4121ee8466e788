package postern.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.message.MessageFlags;
import postern.imap.message.UidSet;

/**
 * What a mailbox holds, as asked by a {@link SyncRequest}. Messages are in ascending UIDs.
 *
 * @param opened the counters when the mailbox was opened, just before the messages were read
 * @param known the messages of {@link SyncRequest#known} that exist, or that changed
 * @param added the messages of {@link SyncRequest#added} that exist
 * @param witnesses the witnesses that exist; of {@link SyncRequest#COUNTERS} the first and the last
 *     message
 * @param vanished which of the known messages were expunged since (RFC 7162 §3.2.10), perhaps with
 *     some that the borrower never knew; null where the server cannot tell
 * @param vanishedMeanwhile messages that were expunged while the messages were read
 */
public record SyncedMailbox(
        SelectedState opened,
        AccountTag accountTag,
        List<MessageFlags> known,
        List<MessageFlags> added,
        List<MessageFlags> witnesses,
        @Nullable UidSet vanished,
        UidSet vanishedMeanwhile) {

    public SyncedMailbox with(List<MessageFlags> witnesses) {
        return new SyncedMailbox(
                opened, accountTag, known, added, witnesses, vanished, vanishedMeanwhile);
    }
}
