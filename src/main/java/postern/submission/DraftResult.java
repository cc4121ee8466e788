package postern.submission;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The draft of a sent message.
///
/// @param detail Why it is still there, or bears no mark that it is sent.
record DraftResult(
        Outcome outcome,
        @Schema(example = "the mail server cannot be reached") @Nullable String detail) {

    /// `moved`: it is the copy in the mailbox of sent mail now. `removed`: it is gone. `kept`: it
    /// is still there.
    enum Outcome {
        MOVED,
        REMOVED,
        KEPT;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param failure why the draft bears no mark that it is sent; null where it does
     */
    DraftResult orUnmarked(@Nullable String failure) {
        return detail == null && failure != null ? new DraftResult(outcome, failure) : this;
    }
}
