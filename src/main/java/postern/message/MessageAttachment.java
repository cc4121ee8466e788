package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.BodyPart;
import postern.mime.TransferEncoding;

/** A file that came with a message. */
@Schema(description = "A file that came with a message.")
record MessageAttachment(
        @Schema(example = "2") String partId,
        @Schema(
                        description = "A name to save it under; made up where it has none.",
                        example = "invoice.pdf")
                String name,
        @Schema(example = "application/pdf") String type,
        @Schema(description = "In octets, as sent: before the transfer encoding is taken off.")
                long size,
        @Schema(description = "About how many octets the file itself has.") long estimatedSize,
        @Schema(example = "attachment") @Nullable String disposition,
        @Schema(
                        description = "The Content-ID, as `cid:` URLs spell it.",
                        example = "logo@example.org")
                @Nullable String cid,
        @Schema(description = "Whether it is shown within the text, as a picture is.")
                boolean inline) {

    static MessageAttachment of(BodySelection.FilePart file) {
        var part = file.part();
        return new MessageAttachment(
                part.partId(),
                PartNames.fileName(part),
                part.mediaType(),
                part.size(),
                estimatedSize(part),
                part.disposition(),
                PartNames.cid(part),
                file.inline());
    }

    /** Lines of base64 hold 57 octets in 76 digits and a line end (RFC 2045 §6.8). */
    private static long estimatedSize(BodyPart part) {
        return TransferEncoding.of(part.encoding()) == TransferEncoding.BASE64
                ? part.size() * 57 / 78
                : part.size();
    }
}
