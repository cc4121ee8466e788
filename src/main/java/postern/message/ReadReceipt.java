package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.message.part.ReportFields;
import postern.message.part.SectionOctets;
import postern.message.part.StructuredParts;

/// What a recipient's mail program did with a message (RFC 8098), as it says.
///
/// @param originalMessageId The Message-ID of the message.
/// @param disposition `displayed`, `deleted`, `dispatched` or `processed`.
/// @param automatic Whether nobody was asked before it was sent.
record ReadReceipt(
        @Schema(example = "bob@example.org") @Nullable String recipient,
        @Schema(example = "20260301.4711@example.org") @Nullable String originalMessageId,
        @Schema(example = "displayed") @Nullable String disposition,
        boolean automatic) {

    static @Nullable ReadReceipt of(StructuredParts objects, SectionOctets read) {
        if (objects.report() == null || !objects.reports("disposition-notification")) {
            return null;
        }
        var fields = ReportFields.of(StructuredParts.text(objects.report(), read));
        var original = fields.messageIds("original-message-id");
        var recipient = fields.address("final-recipient");
        var disposition = fields.structured("disposition");
        var words = disposition == null ? "" : disposition.toLowerCase(Locale.ROOT);
        int modifiers = words.indexOf(';');
        var type = words.substring(modifiers + 1).split("/", 2)[0].strip();
        return new ReadReceipt(
                recipient != null ? recipient : fields.address("original-recipient"),
                original.isEmpty() ? objects.reportedMessageId(read) : original.getFirst(),
                type.isEmpty() ? null : type,
                words.contains("mdn-sent-automatically"));
    }
}
