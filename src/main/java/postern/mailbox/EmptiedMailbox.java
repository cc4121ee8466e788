package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.web.id.MailboxId;

/// A mailbox that was emptied.
///
/// @param deletedMessages How many messages were removed for good.
record EmptiedMailbox(MailboxId mailboxId, @Schema(example = "311") long deletedMessages) {}
