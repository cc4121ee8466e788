package postern.message.metadata;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.part.AttachedFile;
import postern.message.part.AttachmentKind;
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
///   it is small enough to be looked into; absent in lists.
public record MessageAttachment(
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

    public static MessageAttachment of(MessageId message, AttachedFile file) {
        return of(message, file, null);
    }

    public static MessageAttachment of(
            MessageId message, AttachedFile file, @Nullable List<String> containedFiles) {
        return new MessageAttachment(
                file.partId(),
                file.name(),
                file.type(),
                file.size(),
                file.estimatedSize(),
                file.disposition(),
                file.cid(),
                file.inline(),
                file.kind(),
                file.opens() ? message.attached(file.partId()) : null,
                containedFiles);
    }
}
