package postern.changes;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.web.id.SyncState;

/// A mailbox that has another name.
///
/// @param mailboxId As in the request; all ids stay as they are.
/// @param path Its whole name now.
/// @param state The state of the request under the new name: keep it instead, or the rename is told
///   again.
public record MailboxRename(
        @Schema(example = "EUlOQk9YYA6bfA") String mailboxId,
        @Schema(example = "Work/Invoices") String path,
        SyncState state) {}
