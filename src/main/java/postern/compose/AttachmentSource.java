package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.web.contract.Texts;
import postern.web.id.MessageId;

/// A file of a new message: one that comes with the request (`part`), or one that lies on the mail
/// server (`messageId`, with `partId` for one of its parts and without for the whole message).
///
/// @param part The name of the part of this multipart/form-data request, or the filename of a part
///   that is called `files`.
/// @param name As its own when absent.
/// @param type As its own when absent.
/// @param cid The HTML shows it as `cid:` and this.
/// @param inline Whether it is shown within the text; `true` with a `cid`.
record AttachmentSource(
        @Schema(example = "file1") @Nullable String part,
        @Nullable MessageId messageId,
        @Schema(pattern = Texts.PART_ID, example = "2") @Nullable String partId,
        @Schema(minLength = 1, maxLength = 255, pattern = Texts.NAME, example = "invoice.pdf")
                @Nullable String name,
        @Schema(example = "application/pdf") @Nullable String type,
        @Schema(maxLength = 255, pattern = Texts.CONTENT_ID, example = "logo@example.org")
                @Nullable String cid,
        @Nullable Boolean inline) {}
