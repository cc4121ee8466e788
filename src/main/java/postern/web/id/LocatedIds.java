package postern.web.id;

import java.util.Map;
import java.util.Set;
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

    /** The names of mailboxes that have none. */
    public Names names(Account account, Set<MailboxName> mailboxes) {
        return new Names(mailboxes.isEmpty() ? Map.of() : connections.locate(account, mailboxes));
    }

    public MailboxName of(Account account, MailboxName mailbox) {
        return mailbox.located() ? mailbox : connections.locate(account, mailbox);
    }

    public MessageId of(Account account, MessageId id) {
        var mailbox = id.message().mailbox();
        return mailbox.located() ? id : names(account, Set.of(mailbox)).of(id);
    }

    /** Mailboxes that were located. */
    public record Names(Map<MailboxName, MailboxName> byId) {

        public MessageId of(MessageId id) {
            return new MessageId(of(id.message()), id.part());
        }

        public ThreadId of(ThreadId id) {
            return id instanceof ThreadId.OfMessage(var message, long messageId)
                    ? ThreadId.of(of(message), messageId)
                    : id;
        }

        private MessageRef of(MessageRef message) {
            return new MessageRef(
                    byId.getOrDefault(message.mailbox(), message.mailbox()),
                    message.uidValidity(),
                    message.uid(),
                    message.accountTag());
        }
    }
}
