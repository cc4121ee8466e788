package postern.message;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import postern.imap.ImapException;
import postern.message.MessagesById.MissingMessage;
import postern.message.metadata.MessageSummary;
import postern.web.id.MessageId;
import postern.web.problem.Problem;

/** What became of each id of a request. Thread-safe: several mailboxes may be read at once. */
final class MessageOutcomes {

    private final Map<MessageId, FoundMessage> found = new ConcurrentHashMap<>();
    private final Map<MessageId, Problem> missing = new ConcurrentHashMap<>();
    private final Set<MessageId> notFetched = ConcurrentHashMap.newKeySet();

    void found(FoundMessage message) {
        found.put(message.id(), message);
    }

    void missing(MessageId id, ImapException reason) {
        missing.put(id, Problem.of(reason));
    }

    void notFetched(MessageId id) {
        notFetched.add(id);
    }

    /** The mailbox of these ids is refused; what was read of it before is not answered. */
    void refused(Collection<MessageId> ids, ImapException reason) {
        for (var id : ids) {
            found.remove(id);
            notFetched.remove(id);
            missing.put(id, Problem.of(reason));
        }
    }

    MessagesById of(MessagesQuery query) {
        var items = new ArrayList<MessageSummary>();
        var problems = new ArrayList<MissingMessage>();
        var left = new ArrayList<MessageId>();
        for (var id : query.ids()) {
            var message = found.get(id);
            var problem = missing.get(id);
            if (message != null) {
                items.add(message.row(query));
            } else if (problem != null) {
                problems.add(new MissingMessage(id, problem));
            } else if (notFetched.contains(id)) {
                left.add(id);
            } else {
                throw new IllegalStateException("an id has no outcome");
            }
        }
        return new MessagesById(items, problems, left.isEmpty() ? null : List.copyOf(left));
    }
}
