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

/** Expunges all messages that are in a mailbox when it starts; later ones are kept. */
@Component
final class MailboxEmptying {

    /** Messages per command, so that each stays well below the command timeout. */
    private static final int MESSAGES_AT_ONCE = 2_000;

    private final ImapConnections connections;

    MailboxEmptying(ImapConnections connections) {
        this.connections = connections;
    }

    /**
     * @param confirm must equal the mailbox's name or path
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
            var mailbox = MailboxHierarchy.of(connection, Set.of()).get(account, id);
            if (!confirm.equals(MailboxHierarchy.lastLevel(mailbox))
                    && !confirm.equals(mailbox.name().decoded())) {
                throw InvalidRequest.parameter(
                        "confirm", "is neither the name nor the path of that mailbox");
            }
            return mailbox;
        }
    }

    /** New messages have higher UIDs than all existing ones (RFC 9051 §2.3.1.1). */
    private static long empty(SelectedMailbox mailbox) {
        // A separate NOOP: if it were pipelined with the SEARCH, Dovecot would include messages
        // that others have expunged.
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
