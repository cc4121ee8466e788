package postern.imap.pool;

import java.util.ArrayList;
import java.util.List;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.MailboxVisit;
import postern.imap.Outcome;
import postern.imap.SortedUids;
import postern.imap.UidSet;
import postern.imap.VisitedMailbox;

/**
 * Visits of many mailboxes in as few flushes as will do. Where messages may have spoilt it, what
 * failed is done again, one mailbox after the other, each with a {@link PatientFetch}.
 */
final class PatientVisit {

    // What fails so often fails for another reason than a message.
    private static final int MOST_FAILURES = 3;

    private final ImapConnection connection;
    private final Lease lease;

    PatientVisit(ImapConnection connection, Lease lease) {
        this.connection = connection;
        this.lease = lease;
    }

    List<Outcome<VisitedMailbox>> visit(List<MailboxVisit> visits) {
        try {
            return again(visits, all(visits));
        } catch (ImapException.ConnectionLost lost) {
            if (visits.stream().noneMatch(PatientVisit::worthIt)) {
                throw lost;
            }
            var lostAll = new ArrayList<Outcome<VisitedMailbox>>();
            visits.forEach(visit -> lostAll.add(new Outcome.Refused<>(visit.mailbox(), lost)));
            return again(visits, lostAll);
        }
    }

    private static boolean worthIt(MailboxVisit visit) {
        return !visit.fetches().isEmpty() && !visit.extra();
    }

    private List<Outcome<VisitedMailbox>> all(List<MailboxVisit> visits) {
        try {
            return lease.read(it -> it.visit(visits));
        } finally {
            lease.wanderedOff();
        }
    }

    private List<Outcome<VisitedMailbox>> again(
            List<MailboxVisit> visits, List<Outcome<VisitedMailbox>> outcomes) {
        var patient = new ArrayList<>(outcomes);
        int failures = 0;
        for (int i = 0; i < patient.size() && failures < MOST_FAILURES; i++) {
            if (patient.get(i) instanceof Outcome.Refused<VisitedMailbox>(var _, var reason)
                    && worthIt(visits.get(i))
                    && PatientFetch.mayHelp(reason)) {
                patient.set(i, alone(visits.get(i)));
                failures += patient.get(i) instanceof Outcome.Refused<VisitedMailbox> ? 1 : 0;
            }
        }
        return patient;
    }

    private Outcome<VisitedMailbox> alone(MailboxVisit visit) {
        var name = visit.mailbox();
        lease.readAnew(it -> it);
        try (var mailbox = connection.select(name, Access.READ_ONLY)) {
            var term = visit.search();
            var order = visit.order();
            var found = term == null || order != null ? UidSet.EMPTY : mailbox.search(term);
            var sorted =
                    term == null || order == null ? SortedUids.EMPTY : mailbox.sort(term, order);
            var fetched = mailbox.fetch(visit.fetches());
            return new Outcome.Done<>(
                    name, new VisitedMailbox(mailbox.state(), found, sorted, fetched));
        } catch (ImapException e) {
            return new Outcome.Refused<>(name, e);
        } finally {
            lease.wanderedOff();
        }
    }
}
