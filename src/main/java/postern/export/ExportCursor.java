package postern.export;

import org.jspecify.annotations.Nullable;
import postern.imap.SelectedMailbox;
import postern.imap.message.UidSet;
import postern.web.id.Cursor;

/**
 * The position at which an export continues.
 *
 * @param uidValidity 0 at the beginning of a first export
 * @param uid the last exported UID; 0 at the beginning, and of a mailbox without messages
 */
record ExportCursor(long uidValidity, long uid) {

    private static final int CURSOR_KIND = 'x';
    private static final ExportCursor BEGINNING = new ExportCursor(0, 0);

    static ExportCursor of(@Nullable Cursor cursor) {
        if (cursor == null) {
            return BEGINNING;
        }
        cursor.require(CURSOR_KIND, 2);
        var read = new ExportCursor(cursor.number(0), cursor.number(1));
        if (read.uid < 0 || read.uid > UidSet.MAX) {
            throw Cursor.invalid();
        }
        return read;
    }

    Cursor toCursor() {
        return Cursor.of(CURSOR_KIND, uidValidity, uid);
    }

    void requireSameNumbering(SelectedMailbox mailbox) {
        if (uid > 0) {
            mailbox.requireUidValidity(uidValidity);
        }
    }
}
