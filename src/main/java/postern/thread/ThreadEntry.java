package postern.thread;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import postern.imap.MailboxName;
import postern.imap.MessageRef;

/**
 * A message of a conversation, and where else there are copies of it.
 *
 * @param id the hash of its Message-ID
 */
record ThreadEntry(MessageRef ref, long id, List<MessageRef> copies) {

    static ThreadEntry of(MessageRef ref, long id) {
        return new ThreadEntry(ref, id, List.of());
    }

    /** The first, the second and so on of the messages that have a Message-ID in common. */
    private record Occurrence(long id, int number) {}

    private record In(MailboxName mailbox, long id) {}

    /**
     * Without copies in other mailboxes: of those that have a Message-ID in common the first in
     * this order stands for all. Within one mailbox they stay, for one of them may pretend.
     */
    static List<ThreadEntry> withoutCopies(Collection<ThreadEntry> all) {
        var single = new ArrayList<ThreadEntry>();
        var firsts = new LinkedHashMap<Occurrence, List<ThreadEntry>>();
        var numbers = new HashMap<In, Integer>();
        for (var placed : all) {
            if (placed.id == MessageIdHash.NONE) {
                single.add(placed);
            } else {
                var in = new In(placed.ref.mailbox(), placed.id);
                int number = numbers.merge(in, 1, Integer::sum);
                firsts.computeIfAbsent(new Occurrence(placed.id, number), _ -> new ArrayList<>())
                        .add(placed);
            }
        }
        firsts.values().forEach(same -> single.add(same.getFirst().with(same)));
        return single;
    }

    private ThreadEntry with(List<ThreadEntry> same) {
        return new ThreadEntry(
                ref, id, same.subList(1, same.size()).stream().map(ThreadEntry::ref).toList());
    }
}
