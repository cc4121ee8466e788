package postern.search;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.Cursor;
import postern.web.id.MessageId;

/// A page of what was found.
///
/// @param nextCursor Where the next page begins; absent on the last one.
/// @param total How many messages match in all at this moment; absent where that would mean looking
///   at each.
/// @param notFetched Messages of which `include` was not read, because the page has too many
///   octets: `getMessages` reads them. Absent when there are none.
/// @param skippedMailboxes Mailboxes that could not be searched; absent when there are none.
record SearchPage(
        List<MessageSummary> items,
        @Nullable Cursor nextCursor,
        @Nullable Long total,
        @Nullable List<MessageId> notFetched,
        @Nullable List<SkippedMailbox> skippedMailboxes) {}
