package postern.message;

import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import postern.imap.message.UidSet;
import postern.message.metadata.MessageSort;
import postern.message.metadata.SortValue;
import postern.message.metadata.SortedWalk.Hit;
import postern.message.metadata.SortedWalk.Position;
import postern.web.id.Cursor;

/** The position in a sorted list of one mailbox. */
record SortCursor(long uidValidity, Hit last) {

    private static final int CURSOR_KIND = 'o';

    static @Nullable SortCursor of(@Nullable Cursor cursor, MessageSort sort) {
        if (cursor == null) {
            return null;
        }
        cursor.requireAtLeast(CURSOR_KIND, 4);
        long uid = cursor.number(2);
        if (cursor.number(0) != sort.ordinal() || uid < 1 || uid > UidSet.MAX) {
            throw Cursor.invalid();
        }
        var value = SortValue.ofNumbers(cursor.numbers().subList(3, cursor.numbers().size()));
        return new SortCursor(cursor.number(1), new Hit(uid, value));
    }

    Cursor toCursor(MessageSort sort) {
        var head = LongStream.of(sort.ordinal(), uidValidity, last.uid());
        var numbers = LongStream.concat(head, LongStream.of(last.value().toNumbers()));
        return Cursor.of(CURSOR_KIND, numbers.toArray());
    }

    Position position(MessageSort sort) {
        return new Position(last.uid(), (hit, reversed) -> hit.comesAfter(last, sort, reversed));
    }
}
