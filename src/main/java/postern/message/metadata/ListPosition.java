package postern.message.metadata;

import org.jspecify.annotations.Nullable;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchRequest.BySequenceNumber;
import postern.imap.message.FetchedMessage;
import postern.imap.message.UidSet;
import postern.web.id.Cursor;

/**
 * The position where a page of a list begins: below this UID.
 *
 * @param uidValidity 0 for the top, which does not depend on UIDVALIDITY
 * @param place the sequence number that the message with this UID once had, as a hint where to
 *     start; 0 when not known
 */
public record ListPosition(long uidValidity, long uid, long place) {

    /** Above all present and future messages. */
    public static final ListPosition TOP =
            new ListPosition(0, UidSet.MAX + 1, BySequenceNumber.END);

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
