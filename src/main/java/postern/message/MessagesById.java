package postern.message;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.MessageId;
import postern.web.problem.Problem;

/// What became of each id: it is in one of the three lists.
///
/// @param items The messages, in the order of the ids.
/// @param notFound The ids of which there is no message to answer, each with the reason.
/// @param notFetched Messages that were not read, because `maxOctets` were: ask for them in another
///   request. Absent when there are none. A request reads at least one message, however long.
public record MessagesById(
        List<MessageSummary> items,
        List<MissingMessage> notFound,
        @Nullable List<MessageId> notFetched) {

    /// An id without a message.
    ///
    /// @param problem What `getMessage` would answer: `message-not-found` (404),
    ///   `mailbox-not-found` (404), `mailbox-reset` (410), `mailbox-out-of-scope` (403) or the
    ///   like.
    public record MissingMessage(MessageId id, Problem problem) {}
}
