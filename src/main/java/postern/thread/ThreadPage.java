package postern.thread;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;

/// A page of a list of threads.
///
/// @param items That with the newest message first.
/// @param nextCursor Where the next page begins; absent on the last one.
/// @param partialMailboxes Mailboxes of which only the newest messages, or none, were looked at for
///   those that belong to a thread, because the account has too many mailboxes or the mail server
///   refused; absent when all were looked at whole.
record ThreadPage(
        List<ThreadSummary> items,
        @Nullable Cursor nextCursor,
        @Nullable List<MailboxId> partialMailboxes) {

    static @Nullable List<MailboxId> partial(List<MailboxName> mailboxes) {
        return mailboxes.isEmpty() ? null : mailboxes.stream().map(MailboxId::of).toList();
    }
}
