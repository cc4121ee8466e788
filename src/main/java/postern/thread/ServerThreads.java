package postern.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.Outcome;
import postern.imap.SearchTerm;
import postern.imap.SelectedMailbox;

/** Finds the messages of a thread that the mail server itself has a name for (RFC 8474, Gmail). */
@Component
class ServerThreads {

    /** Of each mailbox, the newest. */
    private static final int MOST = 1_000;

    private final ImapConnections connections;

    ServerThreads(ImapConnections connections) {
        this.connections = connections;
    }

    /**
     * Asks every mailbox but trash and junk, and reads what it has; nothing where no server knows.
     */
    Conversation find(Account account, String threadId, Members members) {
        var found = new ArrayList<Placed>();
        var outcomes =
                connections.each(
                        account,
                        mailboxes(account),
                        Access.READ_ONLY,
                        mailbox -> find(mailbox, threadId, members));
        for (var outcome : outcomes) {
            // one that refuses has gone, or is none of this user's, or knows no such thread
            if (outcome instanceof Outcome.Done<List<Placed>>(var _, var placed)) {
                found.addAll(placed);
            }
        }
        return new Conversation(0, Placed.withoutCopies(found));
    }

    private List<MailboxName> mailboxes(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var capabilities = connection.capabilities();
            if (!capabilities.objectId() && !capabilities.gmail()) {
                return List.of();
            }
            var names = new ArrayList<>(List.of(MailboxName.INBOX));
            AccountMailboxes.others(connection.list(false), MailboxName.INBOX)
                    .map(ListedMailbox::name)
                    .forEach(names::add);
            return names;
        }
    }

    private static List<Placed> find(SelectedMailbox mailbox, String threadId, Members members) {
        var uids = Uids.of(mailbox.search(new SearchTerm.InThread(threadId)));
        var newest = uids.stream().skip(Math.max(0, uids.count() - MOST)).boxed().toList();
        if (newest.isEmpty()) {
            return List.of();
        }
        members.read(mailbox, newest, Set.of());
        long uidValidity = mailbox.state().uidValidity();
        var found = new ArrayList<Placed>();
        for (long uid : newest) {
            var member = members.get(new MessageRef(mailbox.name(), uidValidity, uid));
            if (member != null) {
                found.add(Placed.of(member.ref(), member.id()));
            }
        }
        return found;
    }
}
