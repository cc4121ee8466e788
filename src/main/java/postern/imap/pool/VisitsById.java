package postern.imap.pool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapException;
import postern.imap.MailboxOutcome;

/** Examines mailboxes, and those anew that have another name than it was thought. */
final class VisitsById {

    private final Lease lease;
    private final BisectingExamine examine;

    VisitsById(Lease lease, BisectingExamine examine) {
        this.lease = lease;
        this.examine = examine;
    }

    List<MailboxOutcome<ExaminedMailbox>> visit(List<ExamineRequest> visits) {
        var outcomes = examineLocated(visits);
        for (int i = 0; i < outcomes.size(); i++) {
            if (mistaken(visits.get(i), outcomes.get(i))) {
                outcomes.set(i, relocated(visits.get(i)));
            }
        }
        return outcomes;
    }

    private List<MailboxOutcome<ExaminedMailbox>> examineLocated(List<ExamineRequest> visits) {
        var located = visits.stream().filter(visit -> visit.mailbox().located()).toList();
        var examined =
                located.isEmpty()
                        ? Collections.<MailboxOutcome<ExaminedMailbox>>emptyIterator()
                        : examine.visit(located).iterator();
        var outcomes = new ArrayList<MailboxOutcome<ExaminedMailbox>>();
        for (var visit : visits) {
            outcomes.add(
                    visit.mailbox().located()
                            ? examined.next()
                            : new MailboxOutcome.Refused<>(
                                    visit.mailbox(), new ImapException.MailboxNotFound(null)));
        }
        return outcomes;
    }

    private static boolean mistaken(ExamineRequest visit, MailboxOutcome<ExaminedMailbox> outcome) {
        var id = visit.mailbox().id();
        return id != null
                && visit.mailbox().located()
                && switch (outcome) {
                    case MailboxOutcome.Done<ExaminedMailbox>(var _, var examined) ->
                            !id.equals(examined.state().mailboxId());
                    case MailboxOutcome.Refused<ExaminedMailbox>(var _, var reason) ->
                            reason instanceof ImapException.MailboxNotFound;
                };
    }

    private MailboxOutcome<ExaminedMailbox> relocated(ExamineRequest visit) {
        var name = visit.mailbox();
        try {
            var now = lease.read(connection -> lease.relocated(connection, name));
            var outcome = examine.visit(List.of(visit.in(now))).getFirst();
            return switch (outcome) {
                case MailboxOutcome.Done<ExaminedMailbox>(var _, var examined) -> {
                    LeasedConnection.requireId(name, examined.state());
                    yield new MailboxOutcome.Done<>(name, examined);
                }
                case MailboxOutcome.Refused<ExaminedMailbox>(var _, var reason) ->
                        new MailboxOutcome.Refused<>(name, reason);
            };
        } catch (ImapException.MailboxNotFound | ImapException.OutOfScope e) {
            return new MailboxOutcome.Refused<>(name, e);
        }
    }
}
