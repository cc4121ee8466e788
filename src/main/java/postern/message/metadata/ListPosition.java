package postern.message.metadata;

import org.jspecify.annotations.Nullable;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchRequest.ByPlace;
import postern.imap.message.FetchedMessage;
import postern.imap.message.UidSet;
import postern.web.id.Cursor;

/**
 * Where a page of a list begins: below this UID.
 *
 * @param uidValidity 0 for the top, which every numbering has
 * @param place that the message with this UID had when it was seen, as a hint where to look; 0 when
 *     not known
 */
public record ListPosition(long uidValidity, long uid, long place) {

    /** Above every message there is or will be. */
    public static final ListPosition TOP = new ListPosition(0, UidSet.MAX + 1, ByPlace.END);

    private static final int CURSOR_KIND = 'm';

    public static ListPosition of(@Nullable Cursor cursor) {
        if (cursor == null) {
            return TOP;
        }
        cursor.require(CURSOR_KIND, 3);
        var anchor = new ListPosition(cursor.number(0), cursor.number(1), cursor.number(2));
        if (anchor.uid < 1 || anchor.uid > UidSet.MAX || anchor.place < 0) {
            throw Cursor.invalid();
        }
        return anchor;
    }

    public static ListPosition at(FetchedMessage message, long uidValidity) {
        return new ListPosition(uidValidity, message.uid(), message.place());
    }

    public Cursor toCursor() {
        return Cursor.of(CURSOR_KIND, uidValidity, uid, place);
    }

    public boolean top() {
        return uid > UidSet.MAX;
    }

    public void requireSameNumbering(SelectedMailbox mailbox) {
        if (!top()) {
            mailbox.requireUidValidity(uidValidity);
        }
    }
}
