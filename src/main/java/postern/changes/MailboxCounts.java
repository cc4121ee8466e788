package postern.changes;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxStatus;

/// A mailbox with its counts.
///
/// @param mailboxId As in the request.
/// @param totalMessages How many messages are in it; absent where the mail server does not say.
/// @param unreadMessages How many of them lack `$seen`; absent where the mail server does not say.
public record MailboxCounts(
        @Schema(example = "EUlOQk9YYA6bfA") String mailboxId,
        @Schema(example = "1204") @Nullable Long totalMessages,
        @Schema(example = "3") @Nullable Long unreadMessages) {

    static MailboxCounts of(String mailboxId, @Nullable MailboxStatus status) {
        return new MailboxCounts(
                mailboxId,
                status == null ? null : status.messages(),
                status == null ? null : status.unseen());
    }
}
