package postern.search;

import java.util.List;
import postern.imap.MailboxName;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.SortedWalk.Hit;

/**
 * The search results of one mailbox: the UIDs of all, and those that come next with their sort
 * values.
 */
final class MailboxResults {

    private final MailboxEpoch epoch;
    private final boolean sortedByServer;
    private final SortedUids sorted;
    private final UidSet found;
    private final long nameHash;
    private List<Hit> hits = List.of();
    private boolean moreToLoad;
    private int next;
    private boolean dropped;

    private MailboxResults(
            MailboxEpoch epoch, boolean sortedByServer, SortedUids sorted, UidSet found) {
        this.epoch = epoch;
        this.sortedByServer = sortedByServer;
        this.sorted = sorted;
        this.found = found;
        this.nameHash = SearchCursor.hashOf(epoch.mailbox());
    }

    /**
     * @param sorted in the requested direction
     */
    static MailboxResults sorted(MailboxEpoch epoch, SortedUids sorted) {
        return new MailboxResults(epoch, true, sorted, UidSet.EMPTY);
    }

    static MailboxResults unsorted(MailboxEpoch epoch, UidSet found) {
        return new MailboxResults(epoch, false, SortedUids.EMPTY, found);
    }

    MailboxEpoch epoch() {
        return epoch;
    }

    MailboxName mailbox() {
        return epoch.mailbox();
    }

    long nameHash() {
        return nameHash;
    }

    boolean sortedByServer() {
        return sortedByServer;
    }

    /** All results in order; empty unless the server sorts. */
    SortedUids sorted() {
        return sorted;
    }

    /** All results; empty if the server sorts. */
    UidSet found() {
        return found;
    }

    long size() {
        return sorted.size() + found.size();
    }

    /**
     * Sets the results that come next.
     *
     * @param more whether there are more results after them, not loaded yet
     */
    void load(List<Hit> inOrder, boolean more) {
        hits = inOrder;
        moreToLoad = more;
    }

    /** Whether there is a next result, but it is not loaded. */
    boolean needsLoad() {
        return !dropped && moreToLoad && next == hits.size();
    }

    boolean hasNext() {
        return !dropped && next < hits.size();
    }

    Hit peek() {
        return hits.get(next);
    }

    Hit next() {
        return hits.get(next++);
    }

    /** Discards all results: the mailbox cannot be read any more. */
    void drop() {
        dropped = true;
    }

    boolean dropped() {
        return dropped;
    }
}
