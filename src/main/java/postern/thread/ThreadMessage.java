package postern.thread;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.MessageId;

/// A message of a thread, and where it stands there.
///
/// @param parentId The message of this thread that it answers; absent where that is not known.
/// @param copies The same message in other mailboxes, by its Message-ID; absent where there is
///   none.
record ThreadMessage(
        MessageSummary message, @Nullable MessageId parentId, @Nullable List<MessageId> copies) {}
