package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.Cursor;

/** A page of search results. */
@Schema(description = "A page of what was found.")
record SearchPage(
        List<MessageSummary> items,
        @Schema(description = "Where the next page begins; absent on the last one.")
                @Nullable Cursor nextCursor,
        @Schema(
                        description =
                                "How many messages match in all at this moment; absent where that would mean"
                                        + " looking at each.")
                @Nullable Long total,
        @Schema(description = "Mailboxes that could not be searched; absent when there are none.")
                @Nullable List<SkippedMailbox> skippedMailboxes) {}
