package postern.mailbox;

import org.springframework.stereotype.Component;

import postern.account.Account;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListedMailbox;
import postern.web.MailboxId;
import postern.web.MailboxResolver;

/** Lists mailboxes and tells about one. */
@Component
final class Mailboxes {

    private final ImapConnections connections;

    Mailboxes(ImapConnections connections) {
        this.connections = connections;
    }

    MailboxList list(Account account, boolean counts) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var hierarchy = new Hierarchy(connection.list(counts));
            return new MailboxList(
                    hierarchy.sorted().stream()
                            .map(mailbox -> Mailbox.of(mailbox, hierarchy, mailbox.status()))
                            .toList());
        }
    }

    /** The list says what the mailbox is and where it stands; STATUS counts only this one. */
    Mailbox get(Account account, MailboxId id) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var hierarchy = new Hierarchy(connection.list(false));
            var mailbox = find(hierarchy, id);
            return Mailbox.of(
                    mailbox,
                    hierarchy,
                    mailbox.selectable() ? connection.status(mailbox.name()) : null);
        }
    }

    private static ListedMailbox find(Hierarchy hierarchy, MailboxId id) {
        return switch (id) {
            case MailboxId.ByRole(var role) ->
                    hierarchy.find(role).orElseThrow(() -> MailboxResolver.noneHas(role));
            case MailboxId.ByName(var name) ->
                    hierarchy.find(name).orElseThrow(() -> new ImapException.MailboxNotFound(null));
        };
    }
}
