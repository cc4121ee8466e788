package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.EmailAddress;
import postern.web.id.MailboxId;

/** What a draft that passes a message on shall be like. */
@Schema(description = "What a draft that passes a message on shall be like.")
record ForwardRequest(
        @Schema(
                        description =
                                "Whether the message goes as a file, just as it is; else its text and its"
                                        + " files become those of the draft.")
                @Nullable Boolean asAttachment,
        @Schema(description = "Where the draft goes; `drafts` when absent.", example = "drafts")
                @Nullable MailboxId mailboxId,
        @Schema(description = "Who passes it on; the user when absent.")
                @Nullable EmailAddress from,
        @Nullable List<EmailAddress> to,
        @Schema(description = "What stands above the message.", example = "See below.")
                @Nullable String text,
        @Nullable String html) {}
