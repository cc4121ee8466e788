package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.EmailAddress;
import postern.message.part.HeaderField;

/** A message to be composed. */
@Schema(
        description =
                "A message to be composed. It is stored and not sent; what is absent stays out of it, or is"
                        + " made up where a message must have it.")
record NewMessage(
        @Schema(description = "The user's own when absent, if the user name is an address.")
                @Nullable List<EmailAddress> from,
        @Nullable List<EmailAddress> to,
        @Nullable List<EmailAddress> cc,
        @Schema(description = "Kept in the message: it is a draft.")
                @Nullable List<EmailAddress> bcc,
        @Nullable List<EmailAddress> replyTo,
        @Schema(example = "Lunch?") @Nullable String subject,
        @Schema(description = "Its Date; now when absent.") @Nullable Instant sentAt,
        @Schema(
                        description = "Its Message-ID; made up when absent.",
                        example = "20260301.4711@example.org")
                @Nullable String internetMessageId,
        @Schema(description = "The Message-IDs that it answers.") @Nullable List<String> inReplyTo,
        @Schema(description = "The Message-IDs of its thread, the oldest first.")
                @Nullable List<String> references,
        @Schema(description = "Made of the HTML when absent.", example = "How about noon?")
                @Nullable String text,
        @Schema(example = "<p>How about <b>noon</b>?</p>") @Nullable String html,
        @Nullable List<NewAttachment> attachments,
        @Schema(description = "Further fields of its header.") @Nullable List<HeaderField> headers,
        @Schema(
                        description = "Its flags; `$draft` and `$seen` when absent.",
                        example = "{\"$draft\": true}")
                @Nullable Map<String, Boolean> keywords,
        @Schema(description = "When it arrived; now when absent.") @Nullable Instant receivedAt) {}
