package postern.events;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.MessageField;
import postern.web.LargestBody;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/// What a link to events is about, and for how long.
///
/// @param mailboxes The mailboxes to be told of; when absent, all of the account.
/// @param fields The fields of `added`; when absent, all but `attachments`, `automatic`, `list` and
///   `receiptRequested`.
/// @param lifetimeSeconds After how many seconds the link and the streams opened with it end: 3600
///   where the operator has not decided otherwise, which is also the most. It never outlives the
///   session that it is made in.
@Schema(
        example =
                "{\"mailboxes\": [{\"mailboxId\": \"inbox\", \"since\":"
                        + " \"HRorAQIDBICm-swGtALTAdn4AgKzAtn4ArIC0_gCedEb2A\"}], \"fields\": [\"subject\"]}")
@LargestBody(octets = 64 * 1024)
record EventsLinkRequest(
        @Size(min = 1, max = EventsController.MOST_MAILBOXES) @Nullable List<@Valid Item> mailboxes,
        @Nullable List<MessageField> fields,
        @Schema(minimum = "1", maximum = "3600", example = "600")
                @Nullable Integer lifetimeSeconds) {

    /// A mailbox to be told of.
    ///
    /// @param since The `state` of the list or of the changes before: what has changed since is
    ///   told first. Without it, what changes from when the link is made.
    @Schema(name = "EventsLinkRequestItem")
    record Item(MailboxId mailboxId, @Nullable SyncState since) {}
}
