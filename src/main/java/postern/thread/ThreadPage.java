package postern.thread;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;

/** A page of a mailbox's threads. */
@Schema(description = "A page of a list of threads.")
record ThreadPage(
        @Schema(description = "That with the newest message first.") List<ThreadSummary> items,
        @Schema(description = "Where the next page begins; absent on the last one.")
                @Nullable Cursor nextCursor,
        @Schema(description = PARTIAL) @Nullable List<MailboxId> partialMailboxes) {

    static final String PARTIAL =
            "Mailboxes of which only the newest messages, or none, were looked at for those that"
                    + " belong to a thread, since the account has so many or the mail server refused;"
                    + " absent when all were looked at whole.";

    static @Nullable List<MailboxId> partial(List<MailboxName> mailboxes) {
        return mailboxes.isEmpty() ? null : mailboxes.stream().map(MailboxId::of).toList();
    }
}
