package postern.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortKey;
import postern.imap.message.UidSet;

/**
 * The commands to run in one mailbox. All are known beforehand, so that they are sent in one flush
 * with the EXAMINE.
 *
 * @param search the term of a UID SEARCH; null for none
 * @param order the key of a UID SORT that replaces the search; null for none
 * @param fetches by UID
 * @param extra whether the messages are optional, so that a failed FETCH is not repeated in smaller
 *     steps
 */
public record ExamineRequest(
        MailboxName mailbox,
        @Nullable SearchTerm search,
        @Nullable SortKey order,
        List<FetchRequest> fetches,
        boolean extra) {

    public ExamineRequest {
        fetches = List.copyOf(fetches);
    }

    /** Requires {@link Capabilities#sorts}. */
    public static ExamineRequest sort(MailboxName mailbox, SearchTerm term, SortKey key) {
        return new ExamineRequest(mailbox, term, key, List.of(), false);
    }

    /** Fetches that are optional. */
    public static ExamineRequest extra(MailboxName mailbox, List<FetchRequest> fetches) {
        return new ExamineRequest(mailbox, null, null, fetches, true);
    }

    public static ExamineRequest search(MailboxName mailbox, SearchTerm term) {
        return new ExamineRequest(mailbox, term, null, List.of(), false);
    }

    /** The caller compares the UIDVALIDITY of the answer with that of its UIDs. */
    public static ExamineRequest fetch(MailboxName mailbox, UidSet uids, FetchItems items) {
        return fetch(mailbox, List.of(FetchRequest.uids(uids, items)));
    }

    /** The same in another mailbox. */
    public ExamineRequest in(MailboxName mailbox) {
        return new ExamineRequest(mailbox, search, order, fetches, extra);
    }

    public static ExamineRequest fetch(MailboxName mailbox, List<FetchRequest> fetches) {
        return new ExamineRequest(mailbox, null, null, fetches, false);
    }
}
