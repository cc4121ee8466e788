package postern.changes;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageField;
import postern.web.id.Cursor;
import postern.web.id.SyncState;

/** The parameters of a request for changes. */
public record ChangesQuery(
        SyncState since, int limit, @Nullable Cursor cursor, Set<MessageField> fields) {

    public ChangesQuery(
            SyncState since,
            int limit,
            @Nullable Cursor cursor,
            @Nullable List<MessageField> fields) {
        this(since, limit, cursor, MessageField.of(fields));
    }
}
