package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.web.id.MailboxId;

/** The result of emptying a mailbox. */
@Schema(description = "A mailbox that was emptied.")
record EmptiedMailbox(
        MailboxId mailboxId,
        @Schema(description = "How many messages were removed for good.", example = "311")
                long deletedMessages) {}
