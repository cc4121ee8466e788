package postern.message;

import java.util.List;
import postern.imap.FetchedMessage;

/**
 * Some messages of a mailbox that follow one another.
 *
 * @param messages the newest first
 * @param more whether there are older ones
 */
record Slice(List<FetchedMessage> messages, boolean more) {

    static final Slice EMPTY = new Slice(List.of(), false);
}
