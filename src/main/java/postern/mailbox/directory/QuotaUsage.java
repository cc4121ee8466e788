package postern.mailbox.directory;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import postern.imap.Quota;

/// How much of something is used, and how much may be (RFC 9208).
///
/// @param root What it counts, in the mail server's own words; quotas of the same root count the
///   same mailboxes.
/// @param resource What is counted.
/// @param used In octets for `storage`, else how many.
/// @param limit In the same unit.
public record QuotaUsage(
        @Schema(example = "User quota") String root,
        Resource resource,
        @Schema(example = "734003200") long used,
        @Schema(example = "8589934592") long limit) {

    /// What a quota counts.
    @Schema(name = "QuotaResource")
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
