package postern.imap.pool;

import java.util.ArrayList;
import java.util.List;
import postern.imap.Access;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.MailboxOutcome;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/**
 * Examines many mailboxes in as few flushes as possible. Where a message may be the cause of a
 * failure, each failed mailbox is repeated on its own, with a {@link BisectingFetch}.
 */
final class BisectingExamine {

    // After this many failures a message is unlikely to be the cause.
    private static final int MOST_FAILURES = 3;

    private final ImapConnection connection;
    private final Lease lease;

    BisectingExamine(ImapConnection connection, Lease lease) {
        this.connection = connection;
        this.lease = lease;
    }

    List<MailboxOutcome<ExaminedMailbox>> visit(List<ExamineRequest> visits) {
        try {
            return retryFailed(visits, examineAll(visits));
        } catch (ImapException.ConnectionLost lost) {
            if (visits.stream().noneMatch(BisectingExamine::mayBisect)) {
                throw lost;
            }
            var lostAll = new ArrayList<MailboxOutcome<ExaminedMailbox>>();
            visits.forEach(
                    visit -> lostAll.add(new MailboxOutcome.Refused<>(visit.mailbox(), lost)));
            return retryFailed(visits, lostAll);
        }
    }

    private static boolean mayBisect(ExamineRequest visit) {
        return !visit.fetches().isEmpty() && !visit.extra();
    }

    private List<MailboxOutcome<ExaminedMailbox>> examineAll(List<ExamineRequest> visits) {
        try {
            return lease.read(it -> it.visit(visits));
        } finally {
            lease.selectionLost();
        }
    }

    private List<MailboxOutcome<ExaminedMailbox>> retryFailed(
            List<ExamineRequest> visits, List<MailboxOutcome<ExaminedMailbox>> outcomes) {
        var retried = new ArrayList<>(outcomes);
        int failures = 0;
        for (int i = 0; i < retried.size() && failures < MOST_FAILURES; i++) {
            if (retried.get(i) instanceof MailboxOutcome.Refused<ExaminedMailbox>(var _, var reason)
                    && mayBisect(visits.get(i))
                    && BisectingFetch.mayHelp(reason)) {
                retried.set(i, examineAlone(visits.get(i)));
                failures +=
                        retried.get(i) instanceof MailboxOutcome.Refused<ExaminedMailbox> ? 1 : 0;
            }
        }
        return retried;
    }

    private MailboxOutcome<ExaminedMailbox> examineAlone(ExamineRequest visit) {
        var name = visit.mailbox();
        lease.readAnew(it -> it);
        try (var mailbox = connection.select(name, Access.READ_ONLY)) {
            var term = visit.search();
            var order = visit.order();
            var found = term == null || order != null ? UidSet.EMPTY : mailbox.search(term);
            var sorted =
                    term == null || order == null ? SortedUids.EMPTY : mailbox.sort(term, order);
            var fetched = mailbox.fetch(visit.fetches());
            return new MailboxOutcome.Done<>(
                    name, new ExaminedMailbox(mailbox.state(), found, sorted, fetched));
        } catch (ImapException e) {
            return new MailboxOutcome.Refused<>(name, e);
        } finally {
            lease.selectionLost();
        }
    }
}
