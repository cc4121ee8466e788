package postern.web.problem;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What the submission server answered for one recipient.
///
/// @param accepted Whether it takes the message for this recipient. It may still come back as
///   undeliverable.
/// @param smtpStatus The reply code, and behind a space the enhanced status code (RFC 3463) where
///   the server tells one. With a code that begins with 4 another try may succeed later.
/// @param text The server's own words.
public record RecipientAnswer(
        @Schema(example = "ada@example.org") String email,
        boolean accepted,
        @Schema(example = "550 5.1.1") String smtpStatus,
        @Schema(example = "User unknown") @Nullable String text) {}
