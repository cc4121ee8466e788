package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What became of a message that was sent (RFC 3464). */
@Schema(description = "What became of a message that was sent (RFC 3464), as its reporter says.")
record DeliveryReport(
        @Schema(description = "The mail server that reports.", example = "mx.example.org")
                @Nullable String reportingServer,
        @Schema(
                        description = "The Message-ID of the message, where the report has it.",
                        example = "20260301.4711@example.org")
                @Nullable String originalMessageId,
        List<Recipient> recipients) {

    private static final int MOST = 500;

    /** What became of it for one recipient. */
    @Schema(name = "DeliveryReportRecipient", description = "What became of it for one recipient.")
    record Recipient(
            @Schema(example = "bob@example.org") String address,
            @Schema(description = "The address that it was sent to, where that is another one.")
                    @Nullable String originalAddress,
            @Schema(
                            description =
                                    "`failed`, `delayed`, `delivered`, `relayed` or `expanded`.",
                            example = "failed")
                    @Nullable String action,
            @Schema(description = "An enhanced status code (RFC 3463).", example = "5.1.1")
                    @Nullable String status,
            @Schema(description = "What the other server said.", example = "550 5.1.1 No such user")
                    @Nullable String diagnostic,
            @Schema(description = "The server that said it.") @Nullable String remoteServer) {

        private static @Nullable Recipient of(ReportFields fields) {
            var address = fields.untyped("final-recipient");
            var original = fields.untyped("original-recipient");
            var known = address != null ? address : original;
            if (known == null) {
                return null;
            }
            var action = fields.get("action");
            return new Recipient(
                    known,
                    known.equalsIgnoreCase(original) ? null : original,
                    action == null ? null : action.toLowerCase(Locale.ROOT),
                    fields.get("status"),
                    fields.untyped("diagnostic-code"),
                    fields.untyped("remote-mta"));
        }
    }

    static @Nullable DeliveryReport of(ObjectParts objects, SectionOctets read) {
        if (objects.report() == null || !objects.reports("delivery-status")) {
            return null;
        }
        var groups = ReportFields.groups(ObjectParts.text(objects.report(), read));
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
