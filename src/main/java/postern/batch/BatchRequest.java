package postern.batch;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.search.SearchFilter;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;

/// Which messages: either `ids`, or those in `mailboxId` that match `filter`. What to do:
/// `keywords`, which may come with `moveTo`; or one of `moveTo`, `copyTo` and `delete`.
///
/// @param ids The messages, 1 to 1,000, in whatever mailboxes.
/// @param mailboxId Where the filter looks.
/// @param limit How many of the messages that match are changed, the newest first: 1 to 10,000,
///   1,000 when not given.
/// @param keywords `true` sets a keyword, `null` or `false` takes it away.
/// @param moveTo The mailbox to move the messages to.
/// @param copyTo The mailbox that gets copies.
/// @param delete `trash` moves them there; `permanent` removes them for good.
/// @param dryRun Change nothing, and tell what would become of each message, as far as that can be
///   foretold.
@Schema(
        example =
                "{\"ids\": [\"FBI00J2OyQb59wJUOxfL\"], \"keywords\": {\"$seen\": true},"
                        + " \"moveTo\": \"archive\"}")
record BatchRequest(
        @Size(max = 1_000) @Nullable List<MessageId> ids,
        @Nullable SearchFilter filter,
        @Schema(example = "inbox") @Nullable MailboxId mailboxId,
        @Schema(minimum = "1", maximum = "10000", example = "1000") @Nullable Integer limit,
        @Schema(maxProperties = 100, example = "{\"$seen\": true, \"$flagged\": null}")
                @Nullable Map<String, @Nullable Boolean> keywords,
        @Schema(example = "archive") @Nullable MailboxId moveTo,
        @Schema(example = "archive") @Nullable MailboxId copyTo,
        @Nullable Deletion delete,
        @Nullable Boolean dryRun) {}
