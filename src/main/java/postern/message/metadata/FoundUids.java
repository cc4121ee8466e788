package postern.message.metadata;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import postern.imap.message.UidSet;

/** Iterates over search results from the newest down, without expanding the UID set. */
public final class FoundUids {

    private final Deque<UidSet.Range> ranges;

    public FoundUids(UidSet found) {
        ranges = new ArrayDeque<>(found.ranges());
    }

    public boolean left() {
        return !ranges.isEmpty();
    }

    public UidSet newest(int count) {
        var taken = new ArrayList<UidSet.Range>();
        for (long open = count; open > 0 && left(); ) {
            var range = ranges.removeLast();
            long first = Math.max(range.first(), range.last() - open + 1);
            if (first > range.first()) {
                ranges.addLast(new UidSet.Range(range.first(), first - 1));
            }
            taken.add(new UidSet.Range(first, range.last()));
            open -= range.last() - first + 1;
        }
        return new UidSet(taken);
    }
}
