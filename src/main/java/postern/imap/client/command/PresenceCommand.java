package postern.imap.client.command;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ResponseCode;
import postern.imap.client.wire.FetchParser;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;

/**
 * UID FETCH of flags, to find out which messages exist and which are left at the end of its
 * exchange. A single command before the others shows both. A second one after them would not:
 * Dovecot runs it before it reports what the others removed, and sends all tagged responses
 * together.
 */
public final class PresenceCommand extends FetchCommand {

    private final TreeMap<Long, Set<Flag>> went = new TreeMap<>();
    private boolean ended;

    public PresenceCommand(UidSet uids, Capabilities capabilities) {
        super(FetchRequest.uids(uids, FetchItems.of(FetchItem.FLAGS)), capabilities);
    }

    @Override
    public void complete(Completion completion, @Nullable ResponseCode code, String text) {
        super.complete(completion, code, text);
        ended = true;
    }

    @Override
    void onExpunged(FetchParser parser) {
        put(parser, went);
    }

    /** False when the connection was lost before the answer was complete. */
    public boolean ended() {
        return ended;
    }

    /** All messages that existed, including those expunged since. */
    public TreeMap<Long, Set<Flag>> seen() {
        var seen = left();
        went.forEach(seen::putIfAbsent);
        return seen;
    }

    /** The messages that still exist, as far as the server has reported. */
    public TreeMap<Long, Set<Flag>> left() {
        var left = new TreeMap<Long, Set<Flag>>();
        found().forEach(parser -> put(parser, left));
        return left;
    }

    private static void put(FetchParser parser, Map<Long, Set<Flag>> into) {
        if (parser.uid() != 0) {
            var flags = parser.message().flags();
            into.put(parser.uid(), flags == null ? Set.of() : flags);
        }
    }
}
