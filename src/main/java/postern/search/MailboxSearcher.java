package postern.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.SelectedMailbox;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.SortedWalk;

/** Finds the results of each mailbox, sorted by the mail server if it can. */
final class MailboxSearcher {

    private final SearchContext search;
    private final SearchedMailboxes mailboxes;
    private final AccountTag accountTag;
    private boolean serverSorts;

    MailboxSearcher(SearchContext search, SearchedMailboxes mailboxes) {
        this.search = search;
        this.mailboxes = mailboxes;
        this.accountTag = AccountTag.of(search.account());
        this.serverSorts =
                SortedWalk.serverSorts(search.capabilities(), search.sort(), search.term());
    }

    /** Searches all these mailboxes at once. Throws if all of them fail. */
    List<MailboxResults> search(List<MailboxName> names) {
        var outcomes = mailboxes.examine(names.stream().map(this::request).toList());
        var results = new ArrayList<MailboxResults>();
        ImapException first = null;
        for (var outcome : outcomes) {
            try {
                results.add(results(outcome.mailbox(), outcome.orThrow()));
            } catch (ImapException reason) {
                first = first == null ? reason : first;
                mailboxes.skip(outcome.mailbox(), reason);
            }
        }
        if (serverSorts && !mailboxes.skipped().isEmpty() && !stillSorts()) {
            serverSorts = false;
            mailboxes.reset();
            return search(names);
        }
        if (results.isEmpty() && first != null) {
            throw first;
        }
        return results;
    }

    private ExamineRequest request(MailboxName mailbox) {
        return serverSorts
                ? ExamineRequest.sort(mailbox, search.term(), search.sort().key())
                : ExamineRequest.search(mailbox, search.term());
    }

    private MailboxResults results(MailboxName mailbox, ExaminedMailbox examined) {
        var epoch = MailboxEpoch.of(search.account(), accountTag, mailbox, examined.state());
        requireSame(epoch);
        return serverSorts
                ? MailboxResults.sorted(
                        epoch, SortedWalk.directed(examined.sorted(), search.sort()))
                : MailboxResults.unsorted(epoch, examined.found());
    }

    /** Some servers announce SORT but refuse it; the refusal is remembered. */
    private boolean stillSorts() {
        try (var connection = search.connections().borrow(search.account(), Lane.INTERACTIVE)) {
            return SortedWalk.serverSorts(connection.capabilities(), search.sort(), search.term());
        }
    }

    /** Searches the mailbox that is selected. */
    MailboxResults search(SelectedMailbox mailbox) {
        var epoch = MailboxEpoch.of(search.account(), mailbox);
        requireSame(epoch);
        var sorted = sort(mailbox, epoch);
        return sorted != null
                ? sorted
                : MailboxResults.unsorted(epoch, mailbox.search(search.term()));
    }

    /** Null when the server does not sort, or refuses to although it announces SORT. */
    private @Nullable MailboxResults sort(SelectedMailbox mailbox, MailboxEpoch epoch) {
        if (!serverSorts) {
            return null;
        }
        try {
            var ascending = mailbox.sort(search.term(), search.sort().key());
            return MailboxResults.sorted(epoch, SortedWalk.directed(ascending, search.sort()));
        } catch (ImapException.NotPossible _) {
            serverSorts = false;
            return null;
        }
    }

    /** Throws MailboxReset when the UIDVALIDITY differs from the cursor's. */
    private void requireSame(MailboxEpoch epoch) {
        var cursor = search.cursor();
        var last = cursor == null ? null : cursor.lastShown(epoch.mailbox());
        if (last != null && last.uidValidity() != epoch.uidValidity()) {
            throw new ImapException.MailboxReset();
        }
    }
}
