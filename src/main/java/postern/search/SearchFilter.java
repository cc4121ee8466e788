package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tree of conditions as JSON; it is checked and converted by {@link Criteria}. */
@Schema(
        name = "SearchFilter",
        description =
                "Which messages are meant. All that is given must hold, and `{}` is every message. `and`,"
                        + " `or` and `not` hold filters in turn, up to eight levels and 100 conditions in all."
                        + " Texts occur anywhere in what they are compared with, in any case.",
        example =
                "{\"or\": [{\"from\": \"ada@example.org\"}, {\"to\": \"ada@example.org\"}],"
                        + " \"not\": {\"subject\": \"newsletter\"}, \"since\": \"2026-01-01\"}")
public record SearchFilter(
        @Schema(description = "All of these hold.") @Nullable List<SearchFilter> and,
        @Schema(description = "At least one of these holds.") @Nullable List<SearchFilter> or,
        @Schema(description = "This does not hold.") @Nullable SearchFilter not,
        @Schema(description = "Occurs in From.", example = "ada@example.org") @Nullable String from,
        @Schema(description = "Occurs in To.") @Nullable String to,
        @Schema(description = "Occurs in Cc.") @Nullable String cc,
        @Schema(description = "Occurs in Bcc.") @Nullable String bcc,
        @Schema(description = "Occurs in Subject.") @Nullable String subject,
        @Schema(description = "Occurs anywhere in the message, its header included.")
                @Nullable String text,
        @Schema(description = "Occurs in the message's body.") @Nullable String body,
        @Nullable SearchHeader header,
        @Schema(
                        description =
                                "Arrived then or later: an RFC 3339 date, which is a day of the mail server's,"
                                        + " or a date-time, which is exact.",
                        example = "2026-03-01")
                @Nullable String since,
        @Schema(description = "Arrived earlier than that; written as `since` is.")
                @Nullable String before,
        @Schema(description = "Sent then or later by its Date header; written as `since` is.")
                @Nullable String sentSince,
        @Schema(description = "Sent earlier than that; written as `since` is.")
                @Nullable String sentBefore,
        @Schema(description = "Has more octets than this.") @Nullable Long larger,
        @Schema(description = "Has fewer octets than this.") @Nullable Long smaller,
        @Schema(description = "Has this keyword.", example = "$answered")
                @Nullable String hasKeyword,
        @Schema(description = "Lacks this keyword.", example = "$junk") @Nullable String notKeyword,
        @Schema(description = "Lacks `$seen`, or has it.") @Nullable Boolean unseen,
        @Schema(description = "Has `$flagged`, or lacks it.") @Nullable Boolean flagged,
        @Schema(description = "Has a file that is not shown within its text, or has none.")
                @Nullable Boolean hasAttachment,
        @Schema(
                        description =
                                "A search as Gmail's own search box takes it; where the server is not Gmail: 422.",
                        example = "has:drive older_than:1y")
                @Nullable String gmailRaw) {}
