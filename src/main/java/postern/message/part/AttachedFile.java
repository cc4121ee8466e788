package postern.message.part;

import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.mime.encoding.TransferEncoding;

/**
 * What the structure of a message says of one of its files.
 *
 * @param size in octets, before the transfer encoding is taken off
 * @param inline whether it is a picture of the page
 * @param opens whether it is a message that can be read by an id of its own
 */
public record AttachedFile(
        String partId,
        String name,
        String type,
        long size,
        long estimatedSize,
        @Nullable String disposition,
        @Nullable String cid,
        boolean inline,
        AttachmentKind kind,
        boolean opens) {

    public static AttachedFile of(BodySelection.FilePart file) {
        var part = file.part();
        var kind = AttachmentKind.of(part);
        return new AttachedFile(
                part.partId(),
                PartNames.fileName(part),
                part.mediaType(),
                part.size(),
                estimatedSize(part),
                part.disposition(),
                PartNames.cid(part),
                file.inline(),
                kind,
                kind == AttachmentKind.MESSAGE && AttachedMessage.opens(part));
    }

    private static long estimatedSize(BodyPart part) {
        return TransferEncoding.of(part.encoding()).estimateDecoded(part.size(), part.type());
    }
}
