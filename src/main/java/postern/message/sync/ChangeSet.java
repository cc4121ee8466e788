package postern.message.sync;

import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import postern.imap.message.Flag;
import postern.imap.message.MessageFlags;
import postern.imap.message.UidSet;

/**
 * What changed in a mailbox. A message is in one of the three at most.
 *
 * @param updated messages whose flags changed, with their flags
 * @param removed messages that are gone, perhaps with some that the app never knew
 */
public record ChangeSet(UidSet added, SortedMap<Long, Set<Flag>> updated, UidSet removed) {

    static ChangeSet of(UidSet added, Collection<MessageFlags> updated, UidSet removed) {
        var flags = new TreeMap<Long, Set<Flag>>();
        for (var message : updated) {
            if (message.flags() != null
                    && !added.contains(message.uid())
                    && !removed.contains(message.uid())) {
                flags.put(message.uid(), message.flags());
            }
        }
        return new ChangeSet(added, flags, removed);
    }

    public long size() {
        return added.size() + updated.size() + removed.size();
    }

    /** The changes of that many messages, those with the lowest UIDs. */
    ChangeSet first(int limit) {
        if (size() <= limit) {
            return this;
        }
        long last =
                LongStream.of(
                                LongStream.concat(
                                                LongStream.concat(
                                                        added.stream().limit(limit),
                                                        removed.stream().limit(limit)),
                                                updated.keySet().stream()
                                                        .limit(limit)
                                                        .mapToLong(Long::longValue))
                                        .sorted()
                                        .limit(limit)
                                        .toArray())
                        .max()
                        .orElseThrow();
        return upTo(last);
    }

    private ChangeSet upTo(long last) {
        var uids = UidSet.range(1, last);
        return new ChangeSet(added.within(uids), updated.headMap(last + 1), removed.within(uids));
    }

    /** The highest UID of the changes; 0 where there are none. */
    long lastUid() {
        return Math.max(
                Math.max(last(added), last(removed)), updated.isEmpty() ? 0 : updated.lastKey());
    }

    private static long last(UidSet uids) {
        return uids.isEmpty() ? 0 : uids.ranges().getLast().last();
    }
}
