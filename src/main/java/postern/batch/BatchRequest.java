package postern.batch;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.search.SearchFilter;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/** The JSON of a batch; {@link Batch} is its validated form. */
@Schema(
        description =
                "Which messages: either `ids`, or those in `mailboxId` that match `filter`. What to do:"
                        + " `keywords`, which may come with `moveTo`; or one of `moveTo`, `copyTo` and"
                        + " `delete`.",
        example =
                "{\"ids\": [\"FBI00J2OyQb59wJUOxfL\"], \"keywords\": {\"$seen\": true},"
                        + " \"moveTo\": \"archive\"}")
record BatchRequest(
        @Schema(description = "The messages, 1 to 1,000, in whatever mailboxes.")
                @Nullable List<MessageId> ids,
        @Nullable SearchFilter filter,
        @Schema(description = "Where the filter looks.", example = "inbox")
                @Nullable MailboxId mailboxId,
        @Schema(
                        description =
                                "How many of the messages that match are changed, the newest first: 1 to"
                                        + " 10,000, 1,000 when not given.",
                        example = "1000")
                @Nullable Integer limit,
        @Schema(
                        description = "`true` sets a keyword, `null` or `false` takes it away.",
                        example = "{\"$seen\": true, \"$flagged\": null}")
                @Nullable Map<String, @Nullable Boolean> keywords,
        @Schema(description = "The mailbox to move the messages to.", example = "archive")
                @Nullable MailboxId moveTo,
        @Schema(description = "The mailbox that gets copies.", example = "archive")
                @Nullable MailboxId copyTo,
        @Schema(description = "`trash` moves them there; `permanent` removes them for good.")
                @Nullable Deletion delete,
        @Schema(
                        description =
                                "Change nothing, and tell what would become of each message, as far as"
                                        + " that can be foretold.")
                @Nullable Boolean dryRun) {}
