package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.web.id.MessageId;

/** A file of a new message, and where its octets are. */
@Schema(
        description =
                "A file of a new message: one that comes with the request (`part`), or one that lies on"
                        + " the mail server (`messageId`, with `partId` for one of its parts and"
                        + " without for the whole message).")
record NewAttachment(
        @Schema(
                        description = "The name of the part of this multipart/form-data request.",
                        example = "file1")
                @Nullable String part,
        @Nullable MessageId messageId,
        @Schema(example = "2") @Nullable String partId,
        @Schema(description = "As its own when absent.", example = "invoice.pdf")
                @Nullable String name,
        @Schema(description = "As its own when absent.", example = "application/pdf")
                @Nullable String type,
        @Schema(description = "The HTML shows it as `cid:` and this.", example = "logo@example.org")
                @Nullable String cid,
        @Schema(description = "Whether it is shown within the text; `true` with a `cid`.")
                @Nullable Boolean inline) {}
