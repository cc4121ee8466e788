package postern.thread;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks through a mailbox's conversations from the newest down. */
final class ThreadWalk {

    private final Conversations conversations;
    private final ThreadListPosition anchor;

    ThreadWalk(Conversations conversations, ThreadListPosition anchor) {
        this.conversations = conversations;
        this.anchor = anchor;
    }

    /** Converts a conversation for the list; null when it is not to be shown. */
    interface Shown {
        @Nullable Conversation of(int number, long newest);
    }

    /** Up to {@code limit} conversations, and one more if there is one. */
    List<Conversation> below(int limit, Shown shown) {
        var found = new ArrayList<Conversation>();
        var uids = conversations.uids();
        int from = uids.indexUpTo(Math.min(anchor.uid() - 1, anchor.asOf()));
        for (int i = from; i >= 0 && found.size() <= limit; i--) {
            long uid = uids.at(i);
            int number = conversations.of(uid);
            if (conversations.newest(number, anchor.asOf()) == uid) {
                var conversation = shown.of(number, uid);
                if (conversation != null) {
                    found.add(conversation);
                }
            }
        }
        return found;
    }
}
