package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.message.part.ReportFields;
import postern.message.part.SectionOctets;
import postern.message.part.StructuredParts;

/// A complaint about a message (RFC 5965), as its reporter says.
///
/// @param feedbackType Such as `abuse`, `fraud` or `not-spam`.
/// @param originalMessageId The Message-ID of the message, where the report has it.
/// @param originalMailFrom Its sender on the way (RFC 5321).
/// @param sourceIp Where it came from.
/// @param userAgent The program that reports.
record FeedbackReport(
        @Schema(example = "abuse") @Nullable String feedbackType,
        @Nullable String originalMessageId,
        @Nullable String originalMailFrom,
        @Schema(example = "192.0.2.7") @Nullable String sourceIp,
        @Nullable String userAgent) {

    static @Nullable FeedbackReport of(StructuredParts objects, SectionOctets read) {
        if (objects.report() == null || !objects.reports("feedback-report")) {
            return null;
        }
        var fields = ReportFields.of(StructuredParts.text(objects.report(), read));
        return new FeedbackReport(
                fields.word("feedback-type"),
                objects.reportedMessageId(read),
                fields.address("original-mail-from"),
                fields.structured("source-ip"),
                fields.get("user-agent"));
    }
}
