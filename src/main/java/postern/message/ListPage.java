package postern.message;

import java.util.List;
import postern.imap.message.FetchedMessage;

/**
 * Some messages of a mailbox that follow one another.
 *
 * @param messages the newest first
 * @param more whether there are older ones
 */
record ListPage(List<FetchedMessage> messages, boolean more) {

    static final ListPage EMPTY = new ListPage(List.of(), false);
}
