package postern.search;

import java.util.List;
import postern.imap.MailboxName;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.SortedWalk.Hit;

/** The search results of one mailbox, in sort order. */
final class MailboxResults {

    private final MailboxEpoch epoch;
    private final SortedUids sorted;
    private final UidSet found;
    private final long name;
    private List<Hit> hits = List.of();
    private boolean more;
    private int next;
    private boolean dropped;

    /**
     * @param sorted in the requested direction, if the server sorts
     * @param found if it does not
     */
    MailboxResults(MailboxEpoch epoch, SortedUids sorted, UidSet found) {
        this.epoch = epoch;
        this.sorted = sorted;
        this.found = found;
        this.name = SearchCursor.nameOf(epoch.mailbox());
    }

    MailboxEpoch epoch() {
        return epoch;
    }

    MailboxName mailbox() {
        return epoch.mailbox();
    }

    long name() {
        return name;
    }

    SortedUids sorted() {
        return sorted;
    }

    UidSet found() {
        return found;
    }

    long size() {
        return sorted.size() + found.size();
    }

    /**
     * @param behind whether there are more results that were not fetched yet
     */
    void offer(List<Hit> inOrder, boolean behind) {
        hits = inOrder;
        more = behind;
    }

    /** Whether the next result is not fetched yet. */
    boolean cut() {
        return !dropped && more && next == hits.size();
    }

    boolean left() {
        return !dropped && next < hits.size();
    }

    /** Discards all results: the mailbox cannot be read any more. */
    void drop() {
        dropped = true;
    }

    boolean dropped() {
        return dropped;
    }

    Hit head() {
        return hits.get(next);
    }

    Hit take() {
        return hits.get(next++);
    }
}
