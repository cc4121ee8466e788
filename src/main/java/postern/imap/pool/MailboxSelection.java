package postern.imap.pool;

import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.MailboxName;

/** A selected or wanted mailbox and its access; the access is null where it is not known. */
record MailboxSelection(MailboxName mailbox, @Nullable Access access) {}
