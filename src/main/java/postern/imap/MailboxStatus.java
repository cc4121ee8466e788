package postern.imap;

import org.jspecify.annotations.Nullable;

/**
 * A mailbox's counters (RFC 9051 §6.3.11).
 *
 * @param messages how many there are
 * @param unseen how many of them lack {@code \Seen}
 * @param highestModSeq where the server has CONDSTORE (RFC 7162)
 * @param size the octets of all messages together, where the server has STATUS=SIZE (RFC 8438)
 */
public record MailboxStatus(
        long messages,
        long unseen,
        long uidNext,
        long uidValidity,
        @Nullable Long highestModSeq,
        @Nullable Long size) {

    public MailboxStatus(
            long messages,
            long unseen,
            long uidNext,
            long uidValidity,
            @Nullable Long highestModSeq) {
        this(messages, unseen, uidNext, uidValidity, highestModSeq, null);
    }
}
