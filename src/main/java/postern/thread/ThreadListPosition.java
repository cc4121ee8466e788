package postern.thread;

import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.message.UidSet;
import postern.web.id.Cursor;

/**
 * The position of a page of threads: it shows threads whose newest message has a lower UID.
 * Messages that arrived after the first page are ignored, so that a thread they moved up is neither
 * missing nor repeated on later pages.
 *
 * @param uidValidity 0 for the first page
 * @param asOf the highest UID when the first page was made
 */
record ThreadListPosition(long uidValidity, long uid, long asOf) {

    private static final ThreadListPosition TOP =
            new ThreadListPosition(0, UidSet.MAX + 1, UidSet.MAX);

    private static final int CURSOR_KIND = 't';

    static ThreadListPosition of(@Nullable Cursor cursor) {
        if (cursor == null) {
            return TOP;
        }
        cursor.require(CURSOR_KIND, 3);
        var anchor = new ThreadListPosition(cursor.number(0), cursor.number(1), cursor.number(2));
        if (anchor.uid < 1 || anchor.asOf < anchor.uid || anchor.asOf > UidSet.MAX) {
            throw Cursor.invalid();
        }
        return anchor;
    }

    Cursor next(long uidValidity, long uid, Conversations conversations) {
        long highest = top() ? conversations.uids().last() : asOf;
        return Cursor.of(CURSOR_KIND, uidValidity, uid, highest);
    }

    private boolean top() {
        return uid > UidSet.MAX;
    }

    void requireSameNumbering(long uidValidity) {
        if (!top() && this.uidValidity != uidValidity) {
            throw new ImapException.MailboxReset();
        }
    }
}
