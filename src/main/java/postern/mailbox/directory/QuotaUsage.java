package postern.mailbox.directory;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import postern.imap.Quota;

/** A quota in JSON. */
@Schema(description = "How much of something is used, and how much may be (RFC 9208).")
public record QuotaUsage(
        @Schema(
                        description =
                                "What it counts, in the mail server's own words; quotas of the same"
                                        + " root count the same mailboxes.",
                        example = "User quota")
                String root,
        @Schema(description = "What is counted.") Resource resource,
        @Schema(description = "In octets for `storage`, else how many.", example = "734003200")
                long used,
        @Schema(description = "In the same unit.", example = "8589934592") long limit) {

    /** What a quota limits. */
    @Schema(name = "QuotaResource", description = "What a quota counts.")
    public enum Resource {
        @JsonProperty("storage")
        STORAGE,
        @JsonProperty("messages")
        MESSAGES,
        @JsonProperty("mailboxes")
        MAILBOXES,
        @JsonProperty("annotations")
        ANNOTATIONS;

        private static Resource of(Quota.Resource resource) {
            return switch (resource) {
                case STORAGE -> STORAGE;
                case MESSAGE -> MESSAGES;
                case MAILBOX -> MAILBOXES;
                case ANNOTATION_STORAGE -> ANNOTATIONS;
            };
        }
    }

    public static List<QuotaUsage> of(List<Quota> quotas) {
        return quotas.stream().map(QuotaUsage::of).toList();
    }

    private static QuotaUsage of(Quota quota) {
        return new QuotaUsage(
                quota.root(), Resource.of(quota.resource()), quota.used(), quota.limit());
    }
}
