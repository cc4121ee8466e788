package postern.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to ask in one mailbox, all of it known beforehand, so that it leaves in one flush with the
 * EXAMINE.
 *
 * @param search UID SEARCH for this; null for none
 * @param fetches by UID
 */
public record MailboxVisit(
        MailboxName mailbox, @Nullable SearchTerm search, List<FetchRequest> fetches) {

    public MailboxVisit {
        fetches = List.copyOf(fetches);
    }

    public static MailboxVisit search(MailboxName mailbox, SearchTerm term) {
        return new MailboxVisit(mailbox, term, List.of());
    }

    /** The caller compares the UIDVALIDITY of the answer with that of its UIDs. */
    public static MailboxVisit fetch(MailboxName mailbox, UidSet uids, FetchItems items) {
        return new MailboxVisit(mailbox, null, List.of(FetchRequest.uids(uids, items)));
    }
}
