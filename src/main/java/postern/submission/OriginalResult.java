package postern.submission;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// The mark at a message that was answered or passed on.
///
/// @param marked Whether it bears `$answered` or `$forwarded` now.
/// @param detail Why it does not.
record OriginalResult(
        boolean marked, @Schema(example = "the message does not exist") @Nullable String detail) {}
