package postern.message.change;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.FetchedMessage;
import postern.message.metadata.Keywords;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/// A message after a change.
///
/// @param id Another one after a move; absent when the mail server did not tell it and the message
///   was not found again beyond doubt.
/// @param keywords Absent where the mail server does not tell them in a way that can be read, and
///   for a token without the scope `read`.
public record MessageState(
        @Nullable MessageId id,
        MailboxId mailboxId,
        @Nullable Keywords keywords,
        @JsonIgnore @Nullable MessageETag eTag) {

    static MessageState of(MessageRef message, FetchedMessage state) {
        return new MessageState(
                MessageId.of(message),
                MailboxId.of(message.mailbox()),
                Keywords.ofKnown(state.flags()),
                MessageETag.of(state));
    }

    /** A moved message is a new one: its entity tag becomes known when it is read. */
    static MessageState moved(
            @Nullable MessageRef message, MailboxName destination, FetchedMessage state) {
        return new MessageState(
                message == null ? null : MessageId.of(message),
                MailboxId.of(destination),
                Keywords.ofKnown(state.flags()),
                null);
    }

    /** Without what the scope {@code read} guards, for a token that lacks it. */
    public MessageState toldTo(Account account) {
        return account.limits().permits(Scope.READ)
                ? this
                : new MessageState(id, mailboxId, null, null);
    }
}
