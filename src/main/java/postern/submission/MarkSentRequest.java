package postern.submission;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.compose.SaveCopy;
import postern.web.id.MessageId;

/// What becomes of a draft that an app has sent by itself.
///
/// @param saveCopy Whether the draft goes to the mailbox of sent mail. `auto`, also when absent:
///   unless a message with its Message-ID is there already, or the provider stores it. `never`: the
///   draft is removed.
/// @param answers The message that it answers, which gets `$answered`.
/// @param forwards The message that it passes on, which gets `$forwarded`.
@Schema(example = "{\"saveCopy\": \"auto\"}")
record MarkSentRequest(
        @Nullable SaveCopy saveCopy, @Nullable MessageId answers, @Nullable MessageId forwards) {}
