package postern.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortKey;
import postern.imap.message.UidSet;

/**
 * What to ask in one mailbox, all of it known beforehand, so that it leaves in one flush with the
 * EXAMINE.
 *
 * @param search UID SEARCH for this; null for none
 * @param order UID SORT instead, by this; null for none
 * @param fetches by UID
 * @param extra whether the messages can be done without, so that a refusal is not looked into
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

    public ExamineRequest(
            MailboxName mailbox, @Nullable SearchTerm search, List<FetchRequest> fetches) {
        this(mailbox, search, null, fetches, false);
    }

    /** Only where {@link Capabilities#sorts}. */
    public static ExamineRequest sort(MailboxName mailbox, SearchTerm term, SortKey key) {
        return new ExamineRequest(mailbox, term, key, List.of(), false);
    }

    /** For what can be done without. */
    public static ExamineRequest extra(MailboxName mailbox, List<FetchRequest> fetches) {
        return new ExamineRequest(mailbox, null, null, fetches, true);
    }

    public static ExamineRequest search(MailboxName mailbox, SearchTerm term) {
        return new ExamineRequest(mailbox, term, List.of());
    }

    /** The caller compares the UIDVALIDITY of the answer with that of its UIDs. */
    public static ExamineRequest fetch(MailboxName mailbox, UidSet uids, FetchItems items) {
        return new ExamineRequest(mailbox, null, List.of(FetchRequest.uids(uids, items)));
    }
}
