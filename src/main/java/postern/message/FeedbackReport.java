package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.message.part.ReportFields;
import postern.message.part.SectionOctets;
import postern.message.part.StructuredParts;

/** A complaint about a message (RFC 5965). */
@Schema(description = "A complaint about a message (RFC 5965), as its reporter says.")
record FeedbackReport(
        @Schema(description = "Such as `abuse`, `fraud` or `not-spam`.", example = "abuse")
                @Nullable String feedbackType,
        @Schema(description = "The Message-ID of the message, where the report has it.")
                @Nullable String originalMessageId,
        @Schema(description = "Its sender on the way (RFC 5321).")
                @Nullable String originalMailFrom,
        @Schema(description = "Where it came from.", example = "192.0.2.7")
                @Nullable String sourceIp,
        @Schema(description = "The program that reports.") @Nullable String userAgent) {

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
