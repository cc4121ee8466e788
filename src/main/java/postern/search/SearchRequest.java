package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSort;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;

/** A search request. */
@Schema(
        description = "What to look for, where, and how to show it.",
        example =
                "{\"filter\": {\"from\": \"ada@example.org\", \"hasAttachment\": true},"
                        + " \"sort\": \"-receivedAt\", \"limit\": 20}")
record SearchRequest(
        @Nullable SearchFilter filter,
        @Schema(
                        description =
                                "Where to look. When not given: in all mailboxes but trash and junk; where the"
                                        + " server has a mailbox with the role `all`, that one stands for the others.",
                        example = "[\"inbox\", \"sent\"]")
                @Nullable List<MailboxId> mailboxIds,
        @Schema(
                        description =
                                "Look into trash and junk as well when `mailboxIds` is not given.",
                        defaultValue = "false")
                @Nullable Boolean includeTrashAndJunk,
        @Schema(description = "`-receivedAt` when not given.") @Nullable MessageSort sort,
        @Schema(
                        description = "How many messages a page has.",
                        minimum = "1",
                        maximum = "500",
                        defaultValue = "50")
                @Nullable Integer limit,
        @Schema(description = "`nextCursor` of the page before, with all else as it was.")
                @Nullable Cursor cursor,
        @Schema(description = "The fields to answer, all when not given; `id` always comes.")
                @Nullable List<MessageField> fields) {}
