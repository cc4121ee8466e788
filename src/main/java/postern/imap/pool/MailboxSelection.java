package postern.imap.pool;

import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.MailboxName;

/** A mailbox and how it is, or shall be, selected; without an access it is not known how. */
record MailboxSelection(MailboxName mailbox, @Nullable Access access) {}
