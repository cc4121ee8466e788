package postern.message;

import org.jspecify.annotations.Nullable;
import postern.imap.FetchRequest.ByPlace;
import postern.imap.FetchedMessage;
import postern.imap.SelectedMailbox;
import postern.imap.UidSet;
import postern.web.Cursor;

/**
 * Where a page of a list begins: below this UID.
 *
 * @param uidValidity 0 for the top, which every numbering has
 * @param place that the message with this UID had when it was seen, as a hint where to look; 0 when
 *     not known
 */
record Anchor(long uidValidity, long uid, long place) {

    /** Above every message there is or will be. */
    static final Anchor TOP = new Anchor(0, UidSet.MAX + 1, ByPlace.END);

    private static final int CURSOR_KIND = 'm';

    static Anchor of(@Nullable Cursor cursor) {
        if (cursor == null) {
            return TOP;
        }
        cursor.require(CURSOR_KIND, 3);
        var anchor = new Anchor(cursor.number(0), cursor.number(1), cursor.number(2));
        if (anchor.uid < 1 || anchor.uid > UidSet.MAX || anchor.place < 0) {
            throw Cursor.invalid();
        }
        return anchor;
    }

    static Anchor at(FetchedMessage message, long uidValidity) {
        return new Anchor(uidValidity, message.uid(), message.place());
    }

    Cursor toCursor() {
        return Cursor.of(CURSOR_KIND, uidValidity, uid, place);
    }

    boolean top() {
        return uid > UidSet.MAX;
    }

    void requireSameNumbering(SelectedMailbox mailbox) {
        if (!top()) {
            mailbox.requireUidValidity(uidValidity);
        }
    }
}
