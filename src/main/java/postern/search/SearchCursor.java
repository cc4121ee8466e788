package postern.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.message.UidSet;
import postern.message.metadata.MessageSort;
import postern.message.metadata.SortValue;
import postern.message.metadata.SortedWalk.Hit;
import postern.message.metadata.SortedWalk.Position;
import postern.web.id.Cursor;
import postern.web.problem.InvalidRequest;

/**
 * The position where a search continues: after one message in the merged order, and in each mailbox
 * after its last message that was shown.
 *
 * @param mailbox hash of the name of the mailbox with that message
 * @param last that message
 * @param shown the last message shown of each mailbox, by the hash of the mailbox name
 */
record SearchCursor(long mailbox, Hit last, Map<Long, LastShown> shown) {

    private static final int CURSOR_KIND = 's';
    private static final int HEAD = 4;
    private static final int LONGEST_VALUE = 100;

    /** The last message shown of a mailbox. */
    record LastShown(long uidValidity, long uid) {}

    static long hashOf(MailboxName mailbox) {
        return SearchQuery.hash(mailbox.identity());
    }

    static @Nullable SearchCursor of(@Nullable Cursor cursor, SearchQuery query) {
        if (cursor == null) {
            return null;
        }
        var numbers = cursor.numbers();
        if (cursor.kind() != (byte) CURSOR_KIND || numbers.size() <= HEAD) {
            throw InvalidRequest.cursorAt("/cursor");
        }
        long length = numbers.get(3);
        long rest = numbers.size() - HEAD - length;
        long uid = numbers.get(2);
        if (numbers.getFirst() != query.fingerprint()
                || uid < 1
                || uid > UidSet.MAX
                || length < 1
                || length > LONGEST_VALUE
                || rest < 0
                || rest % 3 != 0) {
            throw InvalidRequest.cursorAt("/cursor");
        }
        int shownFrom = HEAD + (int) length;
        var value = SortValue.ofNumbers(numbers.subList(HEAD, shownFrom));
        return new SearchCursor(
                numbers.get(1),
                new Hit(uid, value),
                shown(numbers.subList(shownFrom, numbers.size())));
    }

    private static Map<Long, LastShown> shown(List<Long> numbers) {
        var shown = new HashMap<Long, LastShown>();
        for (int i = 0; i < numbers.size(); i += 3) {
            shown.put(numbers.get(i), new LastShown(numbers.get(i + 1), numbers.get(i + 2)));
        }
        return shown;
    }

    Cursor toCursor(SearchQuery query) {
        var numbers = new ArrayList<Long>();
        var value = last.value().toNumbers();
        numbers.addAll(List.of(query.fingerprint(), mailbox, last.uid(), (long) value.length));
        for (long number : value) {
            numbers.add(number);
        }
        shown.forEach((name, of) -> numbers.addAll(List.of(name, of.uidValidity(), of.uid())));
        return new Cursor((byte) CURSOR_KIND, numbers, null);
    }

    /** Null when no message of this mailbox was shown yet. */
    @Nullable LastShown lastShown(MailboxName name) {
        return shown.get(hashOf(name));
    }

    /** The position in one mailbox. */
    Position position(MailboxName name, MessageSort sort) {
        long hash = hashOf(name);
        var lastShown = shown.get(hash);
        return new Position(
                lastShown == null ? 0 : lastShown.uid(),
                (hit, reversed) -> after(hash, hit, sort, reversed));
    }

    /** Whether this message comes after the cursor in the merged order of all mailboxes. */
    private boolean after(long nameHash, Hit hit, MessageSort sort, boolean tiesReversed) {
        int byValue = sort.<SortValue>comparator().compare(hit.value(), last.value());
        if (byValue != 0) {
            return byValue > 0;
        }
        return nameHash == mailbox ? hit.comesAfter(last, sort, tiesReversed) : nameHash > mailbox;
    }
}
