package postern.thread;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Follows conversations across the mailboxes of an account. */
final class AccountConversations {

    /** Upper bound on the Message-IDs that are followed in one conversation. */
    private static final int MOST_IDS = 20_000;

    private final List<IndexedMailbox> mailboxes;

    /**
     * @param mailboxes in order of preference for messages that have copies in several of them
     */
    AccountConversations(List<IndexedMailbox> mailboxes) {
        this.mailboxes = List.copyOf(mailboxes);
    }

    /** The conversation of a message, which is in the first mailbox. */
    List<ThreadEntry> aroundMessage(long uid) {
        var trail = new Trail();
        trail.begin(uid);
        return trail.followed();
    }

    /** The conversation of a Message-ID, whether or not that message still exists. */
    List<ThreadEntry> aroundId(long id) {
        var trail = new Trail();
        if (id != MessageIdHash.NONE) {
            trail.named(Set.of(id));
        }
        return trail.followed();
    }

    private record Visit(int mailbox, int conversation) {}

    /**
     * Breadth-first search: from each Message-ID to the conversation with it in each mailbox, and
     * on from all Message-IDs named there.
     */
    private final class Trail {

        private final Set<Long> known = new HashSet<>();
        private final Deque<Long> open = new ArrayDeque<>();
        private final Set<Visit> visited = new HashSet<>();
        private final List<Set<ThreadEntry>> found = new ArrayList<>();

        Trail() {
            mailboxes.forEach(_ -> found.add(new HashSet<>()));
        }

        void begin(long uid) {
            var named = new HashSet<Long>();
            mailboxes.getFirst().index().aroundMessage(uid, named, finder(0));
            if (found.getFirst().isEmpty()) {
                // its header could not be read, so it has no conversation
                finder(0).message(MessageIdHash.NONE, uid);
            }
            named(named);
        }

        void named(Collection<Long> ids) {
            for (long id : ids) {
                if (known.size() < MOST_IDS && known.add(id)) {
                    open.add(id);
                }
            }
        }

        List<ThreadEntry> followed() {
            while (!open.isEmpty()) {
                follow(open.remove());
            }
            return found.stream().flatMap(in -> in.stream().sorted(Trail::byUid)).toList();
        }

        private void follow(long id) {
            for (int i = 0; i < mailboxes.size(); i++) {
                var index = mailboxes.get(i).index();
                int conversation = index.conversation(id);
                if (conversation >= 0 && visited.add(new Visit(i, conversation))) {
                    var named = new HashSet<Long>();
                    index.aroundId(id, named, finder(i));
                    named(named);
                }
            }
        }

        /** The index may contain messages that were expunged. */
        private ReferenceIndex.Found finder(int number) {
            var mailbox = mailboxes.get(number);
            return (id, uid) -> {
                if (mailbox.contains(uid)) {
                    found.get(number).add(ThreadEntry.of(mailbox.message(uid), id));
                }
            };
        }

        private static int byUid(ThreadEntry a, ThreadEntry b) {
            return Long.compare(a.ref().uid(), b.ref().uid());
        }
    }
}
