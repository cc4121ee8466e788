package postern.message.change;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.web.id.MailboxId;

/** Where to copy a message. */
@Schema(description = "Where to copy a message.")
public record CopyRequest(
        @Schema(description = "The mailbox that gets the copy.", example = "archive")
                MailboxId mailboxId) {}
