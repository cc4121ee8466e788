package postern.export;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.message.UidSet;
import postern.web.id.Cursor;

/**
 * What one response exports, settled before its first octet.
 *
 * @param next where the response after it begins; null when there is nothing left
 */
record ExportPage(MailboxName mailbox, long uidValidity, UidSet uids, @Nullable Cursor next) {}
