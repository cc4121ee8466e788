package postern.web.id;

import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.ImapConnections;
import postern.imap.MailboxName;
import postern.imap.MessageRef;

/**
 * Finds the mailboxes of ids that contain a MAILBOXID (RFC 8474) and no name. An id whose mailbox
 * does not exist stays as it is; to open its mailbox is a 404 {@code mailbox-not-found}. The caller
 * must not hold a connection of the account.
 */
@Component
public final class LocatedIds {

    private final ImapConnections connections;

    LocatedIds(ImapConnections connections) {
        this.connections = connections;
    }

    public MailboxName of(Account account, MailboxName mailbox) {
        return mailbox.located() ? mailbox : connections.locate(account, mailbox);
    }

    public MessageId of(Account account, MessageId id) {
        return new MessageId(of(account, id.message()), id.part());
    }

    public ThreadId of(Account account, ThreadId id) {
        return id instanceof ThreadId.OfMessage(var message, long messageId)
                ? ThreadId.of(of(account, message), messageId)
                : id;
    }

    private MessageRef of(Account account, MessageRef message) {
        return new MessageRef(
                of(account, message.mailbox()),
                message.uidValidity(),
                message.uid(),
                message.accountTag());
    }
}
