package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.EmailAddress;
import postern.web.contract.Texts;
import postern.web.id.MailboxId;

/// What a draft that passes a message on shall be like.
///
/// @param asAttachment Whether the message goes as a file, just as it is; else its text and its
///   files become those of the draft.
/// @param mailboxId Where the draft goes; `drafts` when absent.
/// @param from Who passes it on; the user when absent.
/// @param text What stands above the message.
@Schema(example = "{\"to\": [{\"email\": \"ada@example.org\"}], \"text\": \"See below.\"}")
record ForwardRequest(
        @Nullable Boolean asAttachment,
        @Schema(example = "drafts") @Nullable MailboxId mailboxId,
        @Nullable EmailAddress from,
        @Nullable List<EmailAddress> to,
        @Schema(pattern = Texts.WITHOUT_NUL, example = "See below.") @Nullable String text,
        @Schema(pattern = Texts.WITHOUT_NUL) @Nullable String html) {}
