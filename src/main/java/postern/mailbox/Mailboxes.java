package postern.mailbox;

import java.util.EnumSet;
import java.util.Set;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxReport;
import postern.web.id.MailboxId;

/** Lists mailboxes and reads a single one. */
@Component
final class Mailboxes {

    private final ImapConnections connections;

    Mailboxes(ImapConnections connections) {
        this.connections = connections;
    }

    MailboxList list(Account account, boolean counts, boolean rights) {
        var items = EnumSet.noneOf(ListItem.class);
        if (counts) {
            items.add(ListItem.COUNTS);
        }
        if (rights) {
            items.add(ListItem.RIGHTS);
        }
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var hierarchy = MailboxHierarchy.of(connection, items);
            return new MailboxList(
                    hierarchy.sorted().stream()
                            .map(mailbox -> Mailbox.of(mailbox, hierarchy))
                            .toList());
        }
    }

    /**
     * LIST gives the attributes and the position in the tree; STATUS is sent for this mailbox only,
     * and SELECT tells its keywords.
     */
    Mailbox get(Account account, MailboxId id) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var hierarchy = MailboxHierarchy.of(connection, Set.of());
            var listed = hierarchy.get(account, id);
            var mailbox = tell(connection, hierarchy, listed);
            return listed.selectable()
                    ? mailbox.with(MailboxKeywords.of(connection, listed.name()))
                    : mailbox;
        }
    }

    /** Reads a mailbox again after a change. */
    static Mailbox tell(ImapConnection connection, MailboxName name) {
        var hierarchy = MailboxHierarchy.of(connection, Set.of());
        var mailbox =
                hierarchy.find(name).orElseThrow(() -> new ImapException.MailboxNotFound(null));
        return tell(connection, hierarchy, mailbox);
    }

    private static Mailbox tell(
            ImapConnection connection, MailboxHierarchy hierarchy, ListedMailbox mailbox) {
        var report =
                mailbox.selectable() ? connection.report(mailbox.name()) : MailboxReport.NOTHING;
        return Mailbox.of(mailbox, hierarchy, report);
    }
}
