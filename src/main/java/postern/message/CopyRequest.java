package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.web.MailboxId;

/** Where to copy a message. */
@Schema(description = "Where to copy a message.")
record CopyRequest(
        @Schema(description = "The mailbox that gets the copy.", example = "archive")
                MailboxId mailboxId) {}
