package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.Cursor;

/** A page of a mailbox's list. */
@Schema(description = "A page of a list.")
public record MessagePage(
        @Schema(description = "The newest first.") List<MessageSummary> items,
        @Schema(description = "Where the next page begins; absent on the last one.")
                @Nullable Cursor nextCursor) {}
