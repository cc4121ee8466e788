package postern.thread;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import postern.imap.MailboxName;
import postern.imap.MessageRef;

/**
 * A message of a conversation, and its copies in other mailboxes.
 *
 * @param id the hash of its Message-ID
 */
record ThreadEntry(MessageRef ref, long id, List<MessageRef> copies) {

    static ThreadEntry of(MessageRef ref, long id) {
        return new ThreadEntry(ref, id, List.of());
    }

    /** The n-th message of a mailbox with this Message-ID. */
    private record Occurrence(long id, int number) {}

    private record In(MailboxName mailbox, long id) {}

    /**
     * Merges copies in different mailboxes: the first message with a Message-ID, in this order,
     * represents all of them. Messages of one mailbox with the same Message-ID are kept apart,
     * because one of them may be forged.
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
