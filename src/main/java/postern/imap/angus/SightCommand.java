package postern.imap.angus;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.FetchItem;
import postern.imap.FetchItems;
import postern.imap.FetchRequest;
import postern.imap.Flag;
import postern.imap.ResponseCode;
import postern.imap.UidSet;

/**
 * UID FETCH of flags, to see which messages there were and which are left when its exchange has
 * ended. One such command in front of others tells both: Dovecot carries out a second one before it
 * tells what the others removed, and ends them all together.
 */
final class SightCommand extends FetchCommand {

    private final TreeMap<Long, Set<Flag>> went = new TreeMap<>();
    private boolean ended;

    SightCommand(UidSet uids, Capabilities capabilities) {
        super(FetchRequest.uids(uids, FetchItems.of(FetchItem.FLAGS)), capabilities);
    }

    @Override
    void complete(Completion completion, @Nullable ResponseCode code, String text) {
        super.complete(completion, code, text);
        ended = true;
    }

    @Override
    void went(FetchParser parser) {
        put(parser, went);
    }

    /** False when the connection was lost before the end of the answer. */
    boolean ended() {
        return ended;
    }

    /** All that were there, also those that went since. */
    TreeMap<Long, Set<Flag>> seen() {
        var seen = left();
        went.forEach(seen::putIfAbsent);
        return seen;
    }

    /** Those that are there still, as far as the server has told. */
    TreeMap<Long, Set<Flag>> left() {
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
