package postern.mailbox;

import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListedMailbox;
import postern.imap.SelectedMailbox;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Removes for good what is in a mailbox at that moment, and nothing that comes later. */
@Component
final class MailboxEmptying {

    /** So that one command stays well below the time that a server may take for it. */
    private static final int MESSAGES_AT_ONCE = 2_000;

    private final ImapConnections connections;

    MailboxEmptying(ImapConnections connections) {
        this.connections = connections;
    }

    /**
     * @param confirm the mailbox's name or path, or nothing is done
     */
    EmptiedMailbox empty(Account account, MailboxId id, String confirm) {
        var mailbox = confirmed(account, id, confirm);
        try (var open =
                connections.select(account, mailbox.name(), Access.READ_WRITE, Lane.INTERACTIVE)) {
            return new EmptiedMailbox(MailboxId.of(mailbox.name()), empty(open));
        }
    }

    private ListedMailbox confirmed(Account account, MailboxId id, String confirm) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var mailbox = MailboxHierarchy.of(connection, Set.of()).get(id);
            if (!confirm.equals(MailboxHierarchy.lastLevel(mailbox))
                    && !confirm.equals(mailbox.name().decoded())) {
                throw InvalidRequest.parameter(
                        "confirm", "is neither the name nor the path of that mailbox");
            }
            return mailbox;
        }
    }

    /** New messages have higher UIDs than all that were there before (RFC 9051 §2.3.1.1). */
    private static long empty(SelectedMailbox mailbox) {
        // A NOOP of its own: in one flush with the search, Dovecot would count what others removed.
        mailbox.fetch(List.of());
        var messages = mailbox.search(new SearchTerm.All());
        long first = 1;
        long last = 0;
        int some = 0;
        for (var uids = messages.iterator(); uids.hasNext(); ) {
            last = uids.nextLong();
            if (++some == MESSAGES_AT_ONCE || !uids.hasNext()) {
                expunge(mailbox, UidSet.range(first, last));
                first = last + 1;
                some = 0;
            }
        }
        if (last > 0) {
            requireGone(mailbox, UidSet.range(1, last));
        }
        return messages.size();
    }

    private static void expunge(SelectedMailbox mailbox, UidSet uids) {
        try {
            mailbox.expunge(uids);
        } catch (ImapException e) {
            if (uids.contains(1)) {
                throw e;
            }
            throw new ProblemException(
                    ProblemCode.of(e),
                    "only a part of the messages has been removed: " + e.getMessage());
        }
    }

    private static void requireGone(SelectedMailbox mailbox, UidSet uids) {
        long left = mailbox.search(new SearchTerm.Uids(uids)).size();
        if (left > 0) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "the mail server kept %d of the messages".formatted(left));
        }
    }
}
