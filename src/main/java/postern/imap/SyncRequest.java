package postern.imap;

import org.jspecify.annotations.Nullable;
import postern.imap.message.UidSet;

/**
 * What to ask of a mailbox to learn what changed in it (RFC 7162).
 *
 * @param changedSince a HIGHESTMODSEQ of this mailbox: only messages that changed after it are
 *     reported of {@code known}; null reports all of them
 * @param known messages whose flags may have changed
 * @param added messages to report in any case
 * @param witnesses messages whose mod-sequence is wanted
 */
public record SyncRequest(
        @Nullable Long changedSince, UidSet known, UidSet added, UidSet witnesses) {

    /** The counters of the mailbox alone, with the mod-sequences of its first and last message. */
    public static final SyncRequest COUNTERS =
            new SyncRequest(null, UidSet.EMPTY, UidSet.EMPTY, UidSet.EMPTY);

    /** All messages that changed after this mod-sequence. */
    public static SyncRequest changedSince(long modSeq) {
        return new SyncRequest(modSeq, UidSet.from(1), UidSet.EMPTY, UidSet.EMPTY);
    }

    /** The flags of these messages. */
    public static SyncRequest flags(UidSet uids) {
        return new SyncRequest(null, uids, UidSet.EMPTY, UidSet.EMPTY);
    }

    /** The flags of all messages. */
    public static final SyncRequest ALL_FLAGS =
            new SyncRequest(null, UidSet.from(1), UidSet.EMPTY, UidSet.EMPTY);
}
