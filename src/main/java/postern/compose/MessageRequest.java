package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.EmailAddress;
import postern.message.part.HeaderField;
import postern.web.contract.Texts;

/// A message to be composed. What is absent stays out of it, or is made up where a message must
/// have it. Where the operator has not decided otherwise, it has at most 500 recipients and 200
/// attachments.
///
/// @param from The user's own when absent, if the user name is an address.
/// @param bcc Kept in the message that is stored, and left out of the one that is sent.
/// @param sentAt Its Date, in the years 1900 to 9998; now when absent.
/// @param internetMessageId Its Message-ID; made up when absent.
/// @param inReplyTo The Message-IDs that it answers.
/// @param references The Message-IDs of its thread, the oldest first.
/// @param text Made of the HTML when absent.
/// @param headers Further fields of its header.
/// @param keywords Its flags; `$draft` and `$seen` when absent or empty, none when all are `false`.
/// @param receivedAt When it arrived; now when absent.
/// @param submission How it is sent, for `sendNewMessage`; other operations refuse it.
@Schema(
        example =
                "{\"to\": [{\"name\": \"Ada Lovelace\", \"email\": \"ada@example.org\"}], "
                        + "\"subject\": \"Lunch?\", \"text\": \"How about noon?\"}")
record MessageRequest(
        @Nullable List<EmailAddress> from,
        @Nullable List<EmailAddress> to,
        @Nullable List<EmailAddress> cc,
        @Nullable List<EmailAddress> bcc,
        @Nullable List<EmailAddress> replyTo,
        @Schema(maxLength = 10_000, pattern = Texts.LINE, example = "Lunch?")
                @Nullable String subject,
        @Nullable Instant sentAt,
        @Schema(pattern = Texts.MESSAGE_ID, example = "20260301.4711@example.org")
                @Nullable String internetMessageId,
        @Nullable List<String> inReplyTo,
        @Nullable List<String> references,
        @Schema(pattern = Texts.WITHOUT_NUL, example = "How about noon?") @Nullable String text,
        @Schema(pattern = Texts.WITHOUT_NUL, example = "<p>How about <b>noon</b>?</p>")
                @Nullable String html,
        @Nullable List<AttachmentSource> attachments,
        @Size(max = 100) @Nullable List<HeaderField> headers,
        @Schema(maxProperties = 100, example = "{\"$draft\": true}")
                @Nullable Map<String, Boolean> keywords,
        @Nullable Instant receivedAt,
        @Nullable SendOptions submission) {}
