package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.message.BodyPart;
import postern.message.part.AttachedMessage;
import postern.message.part.AttachmentKind;
import postern.message.part.BodySelection;
import postern.message.part.PartNames;
import postern.message.part.SectionOctets;
import postern.message.part.StructuredParts;
import postern.mime.encoding.TransferEncoding;
import postern.web.id.MessageId;

/// A file that came with a message.
///
/// @param name A name to save it under; made up where it has none.
/// @param size In octets, as sent: before the transfer encoding is taken off.
/// @param estimatedSize About how many octets the file itself has.
/// @param cid The Content-ID, as `cid:` URLs spell it.
/// @param inline Whether it is a picture of the page and no file: one with an id beside HTML
///   (`multipart/related`). All else is a file, whatever its `disposition`.
/// @param kind What it is beyond its media type.
/// @param messageId Of an attached message: it is read like any other by this id, but has no
///   keywords and cannot be changed.
/// @param containedFiles Of a winmail.dat (`kind` is `tnef`): the names of the files in it, where
///   it is small enough to be looked into.
record MessageAttachment(
        @Schema(example = "2") String partId,
        @Schema(example = "invoice.pdf") String name,
        @Schema(example = "application/pdf") String type,
        long size,
        long estimatedSize,
        @Schema(example = "attachment") @Nullable String disposition,
        @Schema(example = "logo@example.org") @Nullable String cid,
        boolean inline,
        AttachmentKind kind,
        @Nullable MessageId messageId,
        @Nullable List<String> containedFiles) {

    static MessageAttachment of(
            MessageId message,
            BodySelection.FilePart file,
            StructuredParts objects,
            SectionOctets read) {
        var part = file.part();
        var kind = AttachmentKind.of(part);
        return new MessageAttachment(
                part.partId(),
                PartNames.fileName(part),
                part.mediaType(),
                part.size(),
                estimatedSize(part),
                part.disposition(),
                PartNames.cid(part),
                file.inline(),
                kind,
                kind == AttachmentKind.MESSAGE && AttachedMessage.opens(part)
                        ? message.attached(part.partId())
                        : null,
                objects.tnef().contains(part) ? objects.filesIn(part, read) : null);
    }

    private static long estimatedSize(BodyPart part) {
        return TransferEncoding.of(part.encoding()).estimateDecoded(part.size(), part.type());
    }
}
