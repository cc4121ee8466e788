package postern.message;

import java.util.List;
import postern.imap.message.FetchedMessage;

/**
 * Consecutive messages of a list.
 *
 * @param messages newest first
 * @param more whether there are older ones
 */
record ListPage(List<FetchedMessage> messages, boolean more) {

    static final ListPage EMPTY = new ListPage(List.of(), false);
}
