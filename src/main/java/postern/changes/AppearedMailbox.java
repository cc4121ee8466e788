package postern.changes;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.ListedMailbox;
import postern.web.id.MailboxId;

/// A mailbox that the app does not know.
///
/// @param path Its whole name.
/// @param totalMessages How many messages are in it; absent where the mail server does not say.
/// @param unreadMessages How many of them lack `$seen`; absent where the mail server does not say.
public record AppearedMailbox(
        MailboxId mailboxId,
        @Schema(example = "Work/Invoices") String path,
        @Schema(example = "1204") @Nullable Long totalMessages,
        @Schema(example = "3") @Nullable Long unreadMessages) {

    static AppearedMailbox of(ListedMailbox mailbox) {
        var status = mailbox.status();
        return new AppearedMailbox(
                MailboxId.of(mailbox.name()),
                mailbox.name().decoded(),
                status == null ? null : status.messages(),
                status == null ? null : status.unseen());
    }
}
