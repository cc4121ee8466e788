package postern.message;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.Versioned;
import postern.web.id.Cursor;
import postern.web.id.SyncState;

/// A page of a list.
///
/// @param items The newest first.
/// @param nextCursor Where the next page begins; absent on the last one.
/// @param state What the mailbox was like when the first page was read: `listChanges` tells what
///   changed since. Only with `withState=true`; all pages have the same.
public record MessagePage(
        List<MessageSummary> items,
        @Nullable Cursor nextCursor,
        @Nullable SyncState state,
        @JsonIgnore @Nullable ListVersion listVersion)
        implements Versioned {

    @Override
    public @Nullable String version() {
        return listVersion == null ? null : listVersion.text();
    }
}
