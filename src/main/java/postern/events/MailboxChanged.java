package postern.events;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/**
 * The data of {@code mailbox.changed}.
 *
 * @param totalMessages null where the mail server does not say, as the other count
 * @param state when it was counted or later; null where it would take more than a look
 */
record MailboxChanged(
        MailboxId mailboxId,
        @Nullable Long totalMessages,
        @Nullable Long unreadMessages,
        @Nullable SyncState state) {

    static MailboxChanged of(
            MailboxName name, @Nullable MailboxStatus status, @Nullable SyncState state) {
        return new MailboxChanged(
                MailboxId.of(name),
                status == null ? null : status.messages(),
                status == null ? null : status.unseen(),
                state);
    }
}
