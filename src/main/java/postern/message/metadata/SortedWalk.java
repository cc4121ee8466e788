package postern.message.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.SelectedMailbox;
import postern.imap.message.SearchTerm;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/**
 * Walks through one mailbox in a sort order, from a position on.
 *
 * <p>If the server supports SORT, its order is used and only the messages of the page are fetched.
 * The position is found by its UID, or by its sort value if that message was expunged. Without
 * SORT, all search results are fetched in chunks of some hundred, and only one page is kept.
 */
public final class SortedWalk {

    private static final int AT_ONCE = 500;
    private static final int PROBES = 16;
    private static final int FEW = 64;
    private static final int NEIGHBOURS = 500;

    private final SelectedMailbox mailbox;
    private final MetadataCache cache;
    private final MailboxEpoch epoch;
    private final MessageSort sort;
    private final UnaryOperator<UidSet> matching;

    /** A message and its sort value. */
    public record Hit(long uid, SortValue value) implements Comparable<Hit> {

        @Override
        public int compareTo(Hit other) {
            int byValue = value.compareTo(other.value);
            return byValue != 0 ? byValue : Long.compare(uid, other.uid);
        }

        /** Whether it comes after another message of the same mailbox. */
        public boolean comesAfter(Hit other, MessageSort sort, boolean tiesReversed) {
            boolean reversed = tiesReversed && value.equals(other.value);
            int order = sort.<Hit>comparator().compare(this, other);
            return reversed ? order < 0 : order > 0;
        }
    }

    /**
     * A position in the order.
     *
     * @param uid of the last message before it; 0 when this mailbox has none
     * @param after used when the UID is not found
     */
    public record Position(long uid, After after) {}

    /** Whether a message comes after a position. */
    @FunctionalInterface
    public interface After {

        /**
         * @param tiesReversed whether messages with the same sort value come in the opposite order
         *     of UIDs
         */
        boolean test(Hit hit, boolean tiesReversed);
    }

    /**
     * @param matching returns those candidates that match exactly
     */
    public SortedWalk(
            SelectedMailbox mailbox,
            MetadataCache cache,
            MailboxEpoch epoch,
            MessageSort sort,
            UnaryOperator<UidSet> matching) {
        this.mailbox = mailbox;
        this.cache = cache;
        this.epoch = epoch;
        this.sort = sort;
        this.matching = matching;
    }

    /** Up to {@code count} UIDs after the position, in order; a null position is the beginning. */
    public List<Long> from(SearchTerm term, @Nullable Position position, int count) {
        if (serverSorts(mailbox.capabilities(), sort, term)) {
            var sorted = sorted(term);
            if (sorted != null) {
                return from(directed(sorted, sort), position, count);
            }
        }
        return from(mailbox.search(term), position, count);
    }

    /** Null when the server does not support this sort after all. */
    private @Nullable SortedUids sorted(SearchTerm term) {
        try {
            return mailbox.sort(term, sort.key());
        } catch (ImapException.NotPossible _) {
            return null;
        }
    }

    /**
     * Whether to let the server sort; simple servers (GreenMail) find non-ASCII text with SEARCH
     * but not with SORT.
     */
    public static boolean serverSorts(
            Capabilities capabilities, MessageSort sort, SearchTerm term) {
        return capabilities.sorts(sort.key()) && (term.ascii() || capabilities.eSort());
    }

    /** Reverses the server's ascending order if need be. */
    public static SortedUids directed(SortedUids ascending, MessageSort sort) {
        return sort.descending() ? ascending.reversed() : ascending;
    }

    public List<Long> from(SortedUids sorted, @Nullable Position position, int count) {
        var taken = new ArrayList<Long>();
        long next = start(sorted, position);
        int some = count;
        while (taken.size() < count && next < sorted.size()) {
            var chunk = new ArrayList<Long>();
            for (; chunk.size() < some && next < sorted.size(); next++) {
                chunk.add(sorted.at(next));
            }
            var matches = matching.apply(UidSet.of(chunk));
            chunk.stream().filter(matches::contains).forEach(taken::add);
            some = AT_ONCE; // matches are rare
        }
        return taken.subList(0, Math.min(count, taken.size()));
    }

    private long start(SortedUids sorted, @Nullable Position position) {
        if (position == null) {
            return 0;
        }
        if (position.uid() == 0) {
            return first(sorted, hit -> position.after().test(hit, false));
        }
        long index = sorted.indexOf(position.uid());
        if (index >= 0) {
            return index + 1;
        }
        boolean reversed = tiesReversed(sorted, position.after());
        return first(sorted, hit -> position.after().test(hit, reversed));
    }

    /**
     * Whether this server puts messages with the same sort value in the wrong order. They have to
     * come in the order of their sequence numbers (RFC 5256 §3), but Courier reverses it. Judged by
     * messages around the position; without any tie there, the right order is assumed.
     */
    private boolean tiesReversed(SortedUids sorted, After after) {
        long ties = first(sorted, hit -> after.test(hit, true) || after.test(hit, false));
        var around = new ArrayList<Long>();
        long end = Math.min(sorted.size(), ties + NEIGHBOURS);
        for (long i = Math.max(0, ties - NEIGHBOURS); i < end; i++) {
            around.add(sorted.at(i));
        }
        var hits = hits(around);
        var order = sort.<Hit>comparator();
        for (int i = 1; i < hits.size(); i++) {
            var before = hits.get(i - 1);
            if (before.value().equals(hits.get(i).value()) && !before.value().cut()) {
                return order.compare(before, hits.get(i)) > 0;
            }
        }
        return false;
    }

    /** A search with several probes per round trip, which narrows the range. */
    private long first(SortedUids sorted, Predicate<Hit> passed) {
        long low = 0;
        long high = sorted.size();
        while (high - low > FEW) {
            long step = (high - low) / (PROBES + 1);
            var probes = new ArrayList<Long>();
            for (int i = 1; i <= PROBES; i++) {
                probes.add(low + i * step);
            }
            var hits = hits(probes.stream().map(sorted::at).toList());
            for (long probe : probes) {
                long uid = sorted.at(probe);
                var hit = hits.stream().filter(h -> h.uid() == uid).findFirst();
                if (hit.isEmpty()) {
                    continue; // expunged
                }
                if (passed.test(hit.get())) {
                    high = probe;
                    break;
                }
                low = probe + 1;
            }
            if (hits.isEmpty()) {
                break;
            }
        }
        return linear(sorted, low, high, passed);
    }

    private long linear(SortedUids sorted, long low, long high, Predicate<Hit> passed) {
        for (long from = low; from < high; from += AT_ONCE) {
            var uids = new ArrayList<Long>();
            for (long i = from; i < Math.min(high, from + AT_ONCE); i++) {
                uids.add(sorted.at(i));
            }
            for (var hit : hits(uids)) {
                if (passed.test(hit)) {
                    return from + uids.indexOf(hit.uid());
                }
            }
        }
        return high;
    }

    /** As above, on a server without SORT. */
    public List<Long> from(UidSet found, @Nullable Position position, int count) {
        Comparator<Hit> order = sort.comparator();
        var best = new PriorityQueue<Hit>(order.reversed());
        var candidates = new FoundUids(found);
        while (candidates.left()) {
            var matches = matching.apply(candidates.newest(AT_ONCE));
            for (var hit : hits(matches.stream().boxed().toList())) {
                if (position == null || position.after().test(hit, false)) {
                    best.add(hit);
                    if (best.size() > count) {
                        best.remove();
                    }
                }
            }
        }
        return best.stream().sorted(order).map(Hit::uid).toList();
    }

    /** In the order of these UIDs; expunged messages are left out. */
    private List<Hit> hits(List<Long> uids) {
        var facts = new MetadataLoader(mailbox, cache, epoch, sort.items());
        facts.complete(UidSet.of(uids));
        var hits = new ArrayList<Hit>(uids.size());
        for (long uid : uids) {
            var known = facts.of(uid);
            if (known != null) {
                hits.add(new Hit(uid, sort.valueOf(known)));
            }
        }
        return hits;
    }
}
