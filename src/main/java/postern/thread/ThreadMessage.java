package postern.thread;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageSummary;
import postern.web.id.MessageId;

/** A message of a thread, and its position in the reply tree. */
@Schema(description = "A message of a thread, and where it stands there.")
record ThreadMessage(
        MessageSummary message,
        @Schema(
                        description =
                                "The message of this thread that it answers; absent where that is not"
                                        + " known.")
                @Nullable MessageId parentId,
        @Schema(
                        description =
                                "The same message in other mailboxes, by its Message-ID; absent where"
                                        + " there is none.")
                @Nullable List<MessageId> copies) {}
