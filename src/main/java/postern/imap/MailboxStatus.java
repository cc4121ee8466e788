package postern.imap;

import org.jspecify.annotations.Nullable;

/**
 * A mailbox's counters (RFC 9051 §6.3.11), each null where the server did not send it.
 *
 * @param messages number of messages
 * @param unseen number of messages without {@code \Seen}
 * @param highestModSeq where the server has CONDSTORE (RFC 7162)
 * @param size total octets of all messages, where the server has STATUS=SIZE (RFC 8438)
 * @param mailboxId what identifies the mailbox, where the server has OBJECTID (RFC 8474 §4.3)
 */
public record MailboxStatus(
        @Nullable Long messages,
        @Nullable Long unseen,
        @Nullable Long uidNext,
        @Nullable Long uidValidity,
        @Nullable Long highestModSeq,
        @Nullable Long size,
        @Nullable String mailboxId) {

    /** The status of a mailbox for which the server sent no counters. */
    public static final MailboxStatus UNKNOWN =
            new MailboxStatus(null, null, null, null, null, null, null);

    public MailboxStatus withId(@Nullable String id) {
        return new MailboxStatus(messages, unseen, uidNext, uidValidity, highestModSeq, size, id);
    }

    /**
     * Whether no message has had a UID yet. Then UIDVALIDITY says nothing: Courier tells another
     * one each second until a client opens the mailbox for writing.
     */
    public boolean neverUsed() {
        return messages != null && messages == 0 && uidNext != null && uidNext == 1;
    }

    /** Whether the server sent the number of messages and of unseen ones. */
    public boolean counted() {
        return messages != null && unseen != null;
    }
}
