package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.message.part.PartNames;

/// A part of a message, with the parts inside it.
///
/// @param partId Names the part in this message; absent for a multipart.
/// @param size In octets, as sent: before the transfer encoding is taken off.
/// @param name The name that the sender gave it.
/// @param encoding The Content-Transfer-Encoding.
/// @param cid The Content-ID, as `cid:` URLs spell it.
/// @param subParts The parts of a multipart; for a message within the message its body.
public record MessagePart(
        @Schema(example = "1.2") @Nullable String partId,
        @Schema(example = "text/plain") String type,
        long size,
        @Schema(example = "invoice.pdf") @Nullable String name,
        @Schema(example = "utf-8") @Nullable String charset,
        @Schema(example = "base64") @Nullable String encoding,
        @Schema(example = "attachment") @Nullable String disposition,
        @Schema(example = "logo@example.org") @Nullable String cid,
        @Nullable List<MessagePart> subParts) {

    /** Deeper trees are cut: JSON readers limit the depth; Jackson's limit is 500 levels. */
    private static final int DEEPEST = 200;

    public static MessagePart of(BodyPart part) {
        return of(part, 1);
    }

    private static MessagePart of(BodyPart part, int depth) {
        return new MessagePart(
                part.multipart() ? null : part.partId(),
                part.mediaType(),
                part.size(),
                PartNames.declared(part),
                part.type().equals("text") ? PartNames.parameters(part).get("charset") : null,
                part.multipart() || part.encoding().isEmpty() ? null : part.encoding(),
                part.disposition(),
                PartNames.cid(part),
                subParts(part, depth));
    }

    private static @Nullable List<MessagePart> subParts(BodyPart part, int depth) {
        if (part.children().isEmpty() && !part.multipart() || depth == DEEPEST) {
            return null;
        }
        return part.children().stream().map(child -> of(child, depth + 1)).toList();
    }
}
