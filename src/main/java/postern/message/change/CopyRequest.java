package postern.message.change;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.web.id.MailboxId;

/// Where to copy a message.
///
/// @param mailboxId The mailbox that gets the copy.
@Schema(example = "{\"mailboxId\": \"archive\"}")
public record CopyRequest(@Schema(example = "archive") MailboxId mailboxId) {}
