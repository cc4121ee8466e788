package postern.search;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.Include;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSort;
import postern.web.contract.Texts;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;

/// What to look for, where, and how to show it.
///
/// @param mailboxIds Where to look. When not given: in all mailboxes but trash and junk; where the
///   server has a mailbox with the role `all`, that one stands for the others. A token that reaches
///   trash or junk alone looks into these.
/// @param includeTrashAndJunk Look into trash and junk as well when `mailboxIds` is not given;
///   `false` when this is not given.
/// @param sort `-receivedAt` when not given.
/// @param limit How many messages a page has; 50 when not given.
/// @param cursor `nextCursor` of the page before, with all else as it was.
/// @param fields The fields to answer; when not given, all but `attachments`, `automatic`, `list`
///   and `receiptRequested`. `id` always comes.
/// @param include What to read besides: `text`, `html`, `headers`.
/// @param headerFields Names of header fields to answer as well, such as `List-Id`; of no effect
///   beside an `include` of `headers`, which has all of them.
/// @param waitSeconds How long to wait for a match when there is none, in seconds; `0` when not
///   given. Pages after the first one are answered at once.
@Schema(
        example =
                "{\"filter\": {\"from\": \"ada@example.org\", \"hasAttachment\": true},"
                        + " \"sort\": \"-receivedAt\", \"limit\": 20}")
record SearchRequest(
        @Nullable SearchFilter filter,
        @Schema(example = "[\"inbox\", \"sent\"]") @Size(max = 1_000)
                @Nullable List<MailboxId> mailboxIds,
        @Nullable Boolean includeTrashAndJunk,
        @Nullable MessageSort sort,
        @Schema(minimum = "1", maximum = "500") @Nullable Integer limit,
        @Nullable Cursor cursor,
        @Nullable List<MessageField> fields,
        @Nullable List<Include> include,
        @Schema(example = "[\"List-Id\"]") @Size(max = 20)
                @Nullable List<@Pattern(regexp = Texts.FIELD_NAME) String> headerFields,
        @Schema(minimum = "0", maximum = "60") @Nullable Integer waitSeconds) {}
