package postern.message;

import java.util.List;
import postern.imap.message.FetchedMessage;
import postern.imap.message.UidSet;

/**
 * Consecutive messages of a list.
 *
 * @param messages newest first
 * @param more whether there are older ones
 */
record ListPage(List<FetchedMessage> messages, boolean more) {

    static final ListPage EMPTY = new ListPage(List.of(), false);

    /** Those of these UIDs. */
    ListPage of(UidSet uids) {
        var left = messages.stream().filter(it -> uids.contains(it.uid())).toList();
        return new ListPage(left, more);
    }
}
