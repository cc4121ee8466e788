package postern.imap;

import org.jspecify.annotations.Nullable;

/**
 * A mailbox's counters (RFC 9051 §6.3.11), each null where the server did not tell it.
 *
 * @param messages how many there are
 * @param unseen how many of them lack {@code \Seen}
 * @param highestModSeq where the server has CONDSTORE (RFC 7162)
 * @param size the octets of all messages together, where the server has STATUS=SIZE (RFC 8438)
 */
public record MailboxStatus(
        @Nullable Long messages,
        @Nullable Long unseen,
        @Nullable Long uidNext,
        @Nullable Long uidValidity,
        @Nullable Long highestModSeq,
        @Nullable Long size) {

    /** Of a mailbox that the server says nothing of. */
    public static final MailboxStatus UNTOLD =
            new MailboxStatus(null, null, null, null, null, null);

    public MailboxStatus(
            long messages,
            long unseen,
            long uidNext,
            long uidValidity,
            @Nullable Long highestModSeq) {
        this(messages, unseen, uidNext, uidValidity, highestModSeq, null);
    }

    /** Whether the server told how many messages there are, and how many are unseen. */
    public boolean counted() {
        return messages != null && unseen != null;
    }
}
