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
record Placed(MessageRef ref, long id, List<MessageRef> copies) {

    static Placed of(MessageRef ref, long id) {
        return new Placed(ref, id, List.of());
    }

    /** The first, the second and so on of the messages that have a Message-ID in common. */
    private record Occurrence(long id, int number) {}

    private record In(MailboxName mailbox, long id) {}

    /**
     * Without copies in other mailboxes: of those that have a Message-ID in common the first in
     * this order stands for all. Within one mailbox they stay, for one of them may pretend.
     */
    static List<Placed> withoutCopies(Collection<Placed> all) {
        var single = new ArrayList<Placed>();
        var firsts = new LinkedHashMap<Occurrence, List<Placed>>();
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

    private Placed with(List<Placed> same) {
        return new Placed(ref, id, same.subList(1, same.size()).stream().map(Placed::ref).toList());
    }
}
