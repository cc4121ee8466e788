package postern.export;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.message.UidSet;
import postern.web.id.Cursor;

/**
 * The messages that one response exports, determined before its first octet.
 *
 * @param next the cursor of the next response; null at the end
 * @param resume the cursor of a later export, which has what came after these messages
 */
record ExportPage(
        MailboxName mailbox, long uidValidity, UidSet uids, @Nullable Cursor next, Cursor resume) {}
