package postern.changes;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.Cursor;
import postern.web.id.MessageId;
import postern.web.id.SyncState;

/// What changed in a mailbox. Each change may be told more than once, so that to apply it again
/// must do no harm.
///
/// @param added Messages that are new in the mailbox, also those that were moved into it. One that
///   is gone again is left out.
/// @param updated Messages whose keywords changed.
/// @param removed Messages that are no longer in the mailbox, and perhaps some that the app never
///   knew.
/// @param state What to ask with the next time; only on the last page.
/// @param nextCursor Where the next page begins; absent on the last one.
public record ChangesPage(
        List<MessageSummary> added,
        List<ChangedKeywords> updated,
        List<MessageId> removed,
        @Nullable SyncState state,
        @Nullable Cursor nextCursor) {}
