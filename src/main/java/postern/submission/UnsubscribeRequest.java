package postern.submission;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// How to leave a mailing list.
///
/// @param from The user's address that is on the list, for lists that are left by mail; when absent
///   it is looked for among the recipients of the message, and else is the user name.
@Schema(example = "{}")
record UnsubscribeRequest(
        @Schema(example = "anne@example.com") @Size(max = 1000) @Nullable String from) {}
