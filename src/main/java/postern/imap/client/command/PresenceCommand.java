package postern.imap.client.command;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
 * exchange.
 *
 * <p>Dovecot does not synchronise between pipelined commands: it runs them on the mailbox as it
 * was, then reports what others removed, and sends all tagged responses together. So a message that
 * this command reports may have been removed long before; {@link #left} excludes it.
 */
public final class PresenceCommand extends FetchCommand {

    private final UidSet uids;
    private final TreeMap<Long, Set<Flag>> reported = new TreeMap<>();
    private final Set<Long> deleted = new TreeSet<>();
    private boolean ended;

    public PresenceCommand(UidSet uids, Capabilities capabilities) {
        super(FetchRequest.uids(uids, FetchItems.of(FetchItem.FLAGS)), capabilities);
        this.uids = uids;
    }

    @Override
    void onReceived(FetchParser parser) {
        var flags = flags(parser);
        if (uids.contains(parser.uid())) {
            reported.putIfAbsent(parser.uid(), flags);
            if (flags.contains(Flag.DELETED)) {
                deleted.add(parser.uid());
            }
        }
    }

    @Override
    public void complete(Completion completion, @Nullable ResponseCode code, String text) {
        super.complete(completion, code, text);
        ended = true;
    }

    /** False when the connection was lost before the answer was complete. */
    public boolean ended() {
        return ended;
    }

    /**
     * All messages that the server has reported, including those that were or are expunged, with
     * the flags that it reported first.
     */
    public TreeMap<Long, Set<Flag>> reported() {
        return reported;
    }

    /** The messages that were reported with {@code \Deleted}, at the first or at a later time. */
    public Set<Long> deleted() {
        return deleted;
    }

    /** The messages that still exist as far as the server has reported, with their latest flags. */
    public TreeMap<Long, Set<Flag>> left() {
        var left = new TreeMap<Long, Set<Flag>>();
        for (var parser : found()) {
            if (parser.uid() != 0) {
                left.put(parser.uid(), flags(parser));
            }
        }
        return left;
    }

    private static Set<Flag> flags(FetchParser parser) {
        var flags = parser.message().flags();
        return flags == null ? Set.of() : flags;
    }
}
