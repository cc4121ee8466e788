package postern.message;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.Cursor;

/// A page of a list.
///
/// @param items The newest first.
/// @param nextCursor Where the next page begins; absent on the last one.
public record MessagePage(List<MessageSummary> items, @Nullable Cursor nextCursor) {}
