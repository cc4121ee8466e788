package postern.compose;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/// A message that has been stored.
///
/// @param id Absent when the mail server did not tell it and the message was not found beyond
///   doubt.
/// @param size In octets.
record CreatedMessage(@Nullable MessageId id, MailboxId mailboxId, long size) {

    static CreatedMessage of(@Nullable MessageRef message, MailboxName mailbox, long size) {
        return new CreatedMessage(
                message == null ? null : MessageId.of(message), MailboxId.of(mailbox), size);
    }
}
