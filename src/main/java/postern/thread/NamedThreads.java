package postern.thread;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.UidSet;

/** The messages of threads by the mail server's thread ids. */
final class NamedThreads {

    private static final FetchItems NAMES = FetchItems.of(FetchItem.EMAIL_ID, FetchItem.THREAD_ID);

    private final Map<String, List<ThreadEntry>> messages = new LinkedHashMap<>();
    private final Map<MessageRef, String> names = new HashMap<>();

    /** The thread ids and messages of these conversations in a selected mailbox. */
    static NamedThreads in(SelectedMailbox mailbox, List<Conversation> conversations) {
        var uids =
                UidSet.of(
                        conversations.stream()
                                .flatMap(it -> it.messages().stream())
                                .mapToLong(placed -> placed.ref().uid())
                                .toArray());
        var threads = new NamedThreads();
        for (var answer : mailbox.fetch(requests(uids))) {
            threads.add(mailbox::message, answer);
        }
        return threads;
    }

    static List<FetchRequest> requests(UidSet uids) {
        return uids.pieces().stream().map(piece -> FetchRequest.uids(piece, NAMES)).toList();
    }

    /**
     * @param refs maps UIDs to messages
     */
    void add(LongFunction<MessageRef> refs, List<FetchedMessage> fetched) {
        for (var message : fetched) {
            var name = message.threadId();
            if (name != null) {
                var ref = refs.apply(message.uid());
                var emailId = message.emailId();
                long id = emailId == null ? MessageIdHash.NONE : MessageIdHash.of(emailId);
                messages.computeIfAbsent(name, _ -> new ArrayList<>()).add(ThreadEntry.of(ref, id));
                names.put(ref, name);
            }
        }
    }

    Set<String> names() {
        return messages.keySet();
    }

    /** Completes a conversation of one mailbox with the thread's messages in other mailboxes. */
    Conversation whole(Conversation conversation) {
        var all =
                conversation.messages().stream()
                        .map(ThreadEntry::ref)
                        .flatMap(ref -> Stream.ofNullable(names.get(ref)))
                        .findFirst()
                        .map(messages::get)
                        .orElse(conversation.messages());
        return new Conversation(conversation.newest(), ThreadEntry.withoutCopies(all));
    }
}
