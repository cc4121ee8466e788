package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.imap.MailboxName;
import postern.imap.Rights;

/// What somebody may do with a mailbox (RFC 8621 §2, RFC 4314).
///
/// @param mayReadItems Read its messages.
/// @param mayAddItems Add messages, also by copying or moving.
/// @param mayRemoveItems Delete messages, or move them away.
/// @param maySetSeen Change `$seen`.
/// @param maySetKeywords Change other keywords.
/// @param mayCreateChild Create mailboxes below it.
/// @param mayRename Rename or move it.
/// @param mayDelete Delete it.
/// @param mayAdminister See and change who has which rights.
/// @param letters The mail server's own letters (RFC 4314 §2.1).
record MailboxRights(
        @Schema(example = "true") boolean mayReadItems,
        @Schema(example = "true") boolean mayAddItems,
        @Schema(example = "true") boolean mayRemoveItems,
        @Schema(example = "true") boolean maySetSeen,
        @Schema(example = "true") boolean maySetKeywords,
        @Schema(example = "true") boolean mayCreateChild,
        @Schema(example = "true") boolean mayRename,
        @Schema(example = "true") boolean mayDelete,
        @Schema(example = "true") boolean mayAdminister,
        @Schema(example = "lrswipkxtea") String letters) {

    static MailboxRights of(MailboxName mailbox, Rights rights) {
        boolean moves = rights.deleteMailbox() && !mailbox.inbox();
        return new MailboxRights(
                rights.read(),
                rights.insert(),
                rights.removeMessages(),
                rights.setSeen(),
                rights.setFlags(),
                rights.createChild(),
                moves,
                moves,
                rights.administer(),
                rights.letters());
    }
}
