package postern.message.change;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/// Where the copy of a message went.
///
/// @param id Absent when the mail server did not tell it and the copy was not found beyond doubt.
public record CopiedMessage(@Nullable MessageId id, MailboxId mailboxId) {

    static CopiedMessage of(@Nullable MessageRef message, MailboxName destination) {
        return new CopiedMessage(
                message == null ? null : MessageId.of(message), MailboxId.of(destination));
    }
}
