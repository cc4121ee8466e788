package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.message.part.ReportFields;
import postern.message.part.SectionOctets;
import postern.message.part.StructuredParts;

/// What became of a message that was sent (RFC 3464), as its reporter says.
///
/// @param reportingServer The mail server that reports.
/// @param originalMessageId The Message-ID of the message, where the report has it.
record DeliveryReport(
        @Schema(example = "mx.example.org") @Nullable String reportingServer,
        @Schema(example = "20260301.4711@example.org") @Nullable String originalMessageId,
        List<Recipient> recipients) {

    private static final int MOST = 500;

    private static final Pattern STATUS = Pattern.compile("[245]\\.\\d{1,3}\\.\\d{1,3}(?![\\d.])");

    /// What became of it for one recipient.
    ///
    /// @param originalAddress The address that it was sent to, where that is another one.
    /// @param action `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
    /// @param status An enhanced status code (RFC 3463).
    /// @param diagnostic What the other server said.
    /// @param remoteServer The server that said it.
    @Schema(name = "DeliveryReportRecipient")
    record Recipient(
            @Schema(example = "bob@example.org") String address,
            @Nullable String originalAddress,
            @Schema(example = "failed") @Nullable String action,
            @Schema(example = "5.1.1") @Nullable String status,
            @Schema(example = "550 5.1.1 No such user") @Nullable String diagnostic,
            @Nullable String remoteServer) {

        private static @Nullable Recipient of(ReportFields fields) {
            var address = fields.address("final-recipient");
            var original = fields.address("original-recipient");
            var known = address != null ? address : original;
            if (known == null) {
                return null;
            }
            return new Recipient(
                    known,
                    known.equalsIgnoreCase(original) ? null : original,
                    fields.word("action"),
                    statusCode(fields.structured("status")),
                    fields.untypedText("diagnostic-code"),
                    fields.untyped("remote-mta"));
        }
    }

    /** Some servers write other text than a comment after the status code. */
    private static @Nullable String statusCode(@Nullable String value) {
        var code = value == null ? null : STATUS.matcher(value);
        return code != null && code.lookingAt() ? code.group() : null;
    }

    static @Nullable DeliveryReport of(StructuredParts objects, SectionOctets read) {
        if (objects.report() == null || !objects.reports("delivery-status")) {
            return null;
        }
        var groups = ReportFields.groups(StructuredParts.text(objects.report(), read));
        var recipients = new ArrayList<Recipient>();
        String server = null;
        for (var group : groups) {
            server = server == null ? group.untyped("reporting-mta") : server;
            var recipient = Recipient.of(group);
            if (recipient != null && recipients.size() < MOST) {
                recipients.add(recipient);
            }
        }
        return new DeliveryReport(server, objects.reportedMessageId(read), recipients);
    }
}
