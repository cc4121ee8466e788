package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.imap.MailboxName;
import postern.imap.Rights;

/** Rights to a mailbox in the terms of RFC 8621 §2. */
@Schema(description = "What somebody may do with a mailbox (RFC 8621 §2, RFC 4314).")
record MailboxRights(
        @Schema(description = "Read its messages.", example = "true") boolean mayReadItems,
        @Schema(description = "Add messages, also by copying or moving.", example = "true")
                boolean mayAddItems,
        @Schema(description = "Delete messages, or move them away.", example = "true")
                boolean mayRemoveItems,
        @Schema(description = "Change `$seen`.", example = "true") boolean maySetSeen,
        @Schema(description = "Change other keywords.", example = "true") boolean maySetKeywords,
        @Schema(description = "Create mailboxes below it.", example = "true")
                boolean mayCreateChild,
        @Schema(description = "Rename or move it.", example = "true") boolean mayRename,
        @Schema(description = "Delete it.", example = "true") boolean mayDelete,
        @Schema(description = "See and change who has which rights.", example = "true")
                boolean mayAdminister,
        @Schema(
                        description = "The mail server's own letters (RFC 4314 §2.1).",
                        example = "lrswipkxtea")
                String letters) {

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
