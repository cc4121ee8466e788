package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/** A message that has been stored. */
@Schema(description = "A message that has been stored.")
record CreatedMessage(
        @Schema(
                        description =
                                "Absent when the mail server did not tell it and the message was not"
                                        + " found beyond doubt.")
                @Nullable MessageId id,
        MailboxId mailboxId,
        @Schema(description = "In octets.") long size) {

    static CreatedMessage of(@Nullable MessageRef message, MailboxName mailbox, long size) {
        return new CreatedMessage(
                message == null ? null : MessageId.of(message), MailboxId.of(mailbox), size);
    }
}
