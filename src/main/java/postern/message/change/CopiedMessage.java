package postern.message.change;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/** The location of a message's copy. */
@Schema(description = "Where the copy of a message went.")
public record CopiedMessage(
        @Schema(
                        description =
                                "Absent when the mail server did not tell it and the copy was not found"
                                        + " beyond doubt.")
                @Nullable MessageId id,
        MailboxId mailboxId) {

    static CopiedMessage of(@Nullable MessageRef message, MailboxName destination) {
        return new CopiedMessage(
                message == null ? null : MessageId.of(message), MailboxId.of(destination));
    }
}
