package postern.imap.client.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;
import postern.imap.Copied;
import postern.imap.MailboxName;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;
import postern.imap.message.UidSet;

/**
 * UID COPY or UID MOVE (RFC 9051 §6.4.7, §6.4.8). It reads the COPYUID response code (RFC 4315 §3).
 */
public final class CopyCommand extends Command {

    private final UidSet uids;
    private final MailboxName destination;
    private @Nullable ResponseCode copyUid;

    private CopyCommand(String verb, UidSet uids, MailboxName destination) {
        super(verb);
        this.uids = uids;
        this.destination = destination;
    }

    public static CopyCommand copy(UidSet uids, MailboxName destination) {
        return new CopyCommand("COPY", uids, destination);
    }

    public static CopyCommand move(UidSet uids, MailboxName destination) {
        return new CopyCommand("MOVE", uids, destination);
    }

    /** The same command for other messages. */
    public CopyCommand of(UidSet others) {
        return new CopyCommand(verb(), others, destination);
    }

    public boolean moves() {
        return verb().equals("MOVE");
    }

    public MailboxName destination() {
        return destination;
    }

    @Override
    public void write(CommandLine line) {
        line.uid(verb(), uids).space().mailbox(destination);
    }

    /** MOVE sends COPYUID in an untagged OK (RFC 6851 §4.3). */
    @Override
    public boolean take(Response response) {
        var code = untaggedCode(response, "COPYUID");
        copyUid = code == null ? copyUid : code;
        return code != null;
    }

    public Copied copied() {
        var code = copyUid != null ? copyUid : hasCode("COPYUID") ? code() : null;
        return code == null ? Copied.UNKNOWN : copied(code.arguments());
    }

    private Copied copied(String arguments) {
        var words = arguments.trim().split(" +");
        if (words.length != 3) {
            return Copied.UNKNOWN;
        }
        try {
            long uidValidity = Long.parseLong(words[0]);
            var pairs = pairs(inOrder(words[1]), inOrder(words[2]));
            return uidValidity < 1 || pairs.isEmpty()
                    ? Copied.UNKNOWN
                    : new Copied(uidValidity, pairs);
        } catch (IllegalArgumentException _) {
            return Copied.UNKNOWN;
        }
    }

    /**
     * Pairs the n-th source UID with the n-th destination UID. Empty where the response is
     * inconsistent: UIDs that were not to be copied, or lists of different length.
     */
    private Map<Long, Long> pairs(PrimitiveIterator.OfLong from, PrimitiveIterator.OfLong to) {
        var pairs = new LinkedHashMap<Long, Long>();
        var copies = new HashSet<Long>();
        while (from.hasNext() && to.hasNext()) {
            long source = from.nextLong();
            long copy = to.nextLong();
            if (Long.valueOf(copy).equals(pairs.get(source))) {
                continue; // GreenMail sends the first pair of a range twice
            }
            boolean possible = uids.contains(source) && copy >= 1 && copy <= UidSet.MAX;
            if (!possible || pairs.put(source, copy) != null || !copies.add(copy)) {
                return Map.of();
            }
        }
        return from.hasNext() || to.hasNext() ? Map.of() : pairs;
    }

    /** The UIDs in the order sent, which need not be ascending. */
    private static PrimitiveIterator.OfLong inOrder(String set) {
        var ranges = new ArrayList<UidSet.Range>();
        for (var range : set.split(",")) {
            var ends = range.split(":", 2);
            long first = Long.parseLong(ends[0]);
            ranges.add(new UidSet.Range(first, ends.length == 1 ? first : Long.parseLong(ends[1])));
        }
        return UidSet.iterator(ranges);
    }
}
