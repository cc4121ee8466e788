package postern.events;

import org.jspecify.annotations.Nullable;
import postern.imap.ListedMailbox;
import postern.web.id.MailboxId;

/**
 * The data of {@code mailbox.created}.
 *
 * @param path its whole name
 * @param totalMessages null where the mail server does not say, as the other count
 */
record MailboxCreated(
        MailboxId mailboxId,
        String path,
        @Nullable Long totalMessages,
        @Nullable Long unreadMessages) {

    static MailboxCreated of(ListedMailbox mailbox) {
        var status = mailbox.status();
        return new MailboxCreated(
                MailboxId.of(mailbox.name()),
                mailbox.name().decoded(),
                status == null ? null : status.messages(),
                status == null ? null : status.unseen());
    }
}
