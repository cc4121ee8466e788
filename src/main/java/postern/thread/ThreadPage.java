package postern.thread;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.web.Cursor;

/** A page of a mailbox's threads. */
@Schema(description = "A page of a list of threads.")
record ThreadPage(
        @Schema(description = "That with the newest message first.") List<ThreadSummary> items,
        @Schema(description = "Where the next page begins; absent on the last one.")
                @Nullable Cursor nextCursor) {}
