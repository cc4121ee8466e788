package postern.message.sync;

import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import postern.imap.message.Flag;
import postern.imap.message.MessageFlags;
import postern.imap.message.UidSet;

/**
 * What changed in a mailbox. A message is in one of the three at most.
 *
 * @param added new messages, with their flags
 * @param updated messages whose flags changed, with their flags
 * @param removed messages that are gone, perhaps with some that the app never knew
 */
public record ChangeSet(
        SortedMap<Long, Set<Flag>> added, SortedMap<Long, Set<Flag>> updated, UidSet removed) {

    static final ChangeSet NONE = new ChangeSet(new TreeMap<>(), new TreeMap<>(), UidSet.EMPTY);

    static ChangeSet of(
            Collection<MessageFlags> added, Collection<MessageFlags> updated, UidSet removed) {
        var news = flags(added);
        var changed = flags(updated);
        changed.keySet().removeIf(uid -> news.containsKey(uid) || removed.contains(uid));
        return new ChangeSet(news, changed, removed);
    }

    private static SortedMap<Long, Set<Flag>> flags(Collection<MessageFlags> messages) {
        var flags = new TreeMap<Long, Set<Flag>>();
        for (var message : messages) {
            if (message.flags() != null) {
                flags.put(message.uid(), message.flags());
            }
        }
        return flags;
    }

    public long size() {
        return added.size() + updated.size() + removed.size();
    }

    /** The changes of that many messages, those with the lowest UIDs. */
    ChangeSet first(int limit) {
        if (size() <= limit) {
            return this;
        }
        var uids =
                Stream.of(
                                lowest(added, limit),
                                lowest(updated, limit),
                                removed.stream().limit(limit))
                        .flatMapToLong(it -> it)
                        .sorted()
                        .limit(limit);
        return upTo(uids.max().orElseThrow());
    }

    private static LongStream lowest(SortedMap<Long, Set<Flag>> messages, int limit) {
        return messages.keySet().stream().limit(limit).mapToLong(Long::longValue);
    }

    private ChangeSet upTo(long last) {
        return new ChangeSet(
                added.headMap(last + 1),
                updated.headMap(last + 1),
                removed.within(UidSet.range(1, last)));
    }

    /** The highest UID of the changes; 0 where there are none. */
    long lastUid() {
        long gone = removed.isEmpty() ? 0 : removed.ranges().getLast().last();
        return Math.max(gone, Math.max(last(added), last(updated)));
    }

    private static long last(SortedMap<Long, Set<Flag>> messages) {
        return messages.isEmpty() ? 0 : messages.lastKey();
    }
}
