package postern.imap.client.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.FetchParser;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.message.Flag;
import postern.imap.message.MessageFlags;
import postern.imap.message.UidSet;

/**
 * UID FETCH of flags and mod-sequences, or of those that changed (RFC 7162 §3.1.4.1, §3.2.6). It
 * knows messages by UID alone, so that expunged messages before them do not matter.
 */
public final class SyncFetchCommand extends Command {

    /** Each takes some 100 octets of memory. */
    private static final int MOST_MESSAGES = 1_000_000;

    private static final int MOST_DISTINCT = 10_000;

    private final SelectCommand after;
    private final String messages;
    private final String items;
    private final @Nullable Long changedSince;
    private final boolean wantsVanished;
    private final UidSet uids;
    private final TreeMap<Long, MessageFlags> found = new TreeMap<>();
    // Most messages share a few sets of flags.
    private final Map<Set<Flag>, Set<Flag>> distinctFlags = new HashMap<>();
    private final List<UidSet.Range> vanished = new ArrayList<>();
    private final List<UidSet.Range> vanishedMeanwhile = new ArrayList<>();
    private boolean withoutUid;
    private long expunged;

    private SyncFetchCommand(
            SelectCommand after,
            String messages,
            UidSet uids,
            String items,
            @Nullable Long changedSince,
            boolean wantsVanished) {
        super("FETCH");
        this.after = after;
        this.messages = messages;
        this.uids = uids;
        this.items = items;
        this.changedSince = changedSince;
        this.wantsVanished = wantsVanished;
    }

    /** Flags and mod-sequences of messages in the mailbox that the other command selects. */
    public static SyncFetchCommand flags(SelectCommand after, UidSet uids, boolean modSeq) {
        return new SyncFetchCommand(
                after,
                "UID FETCH " + uids,
                uids,
                modSeq ? "(UID FLAGS MODSEQ)" : "(UID FLAGS)",
                null,
                false);
    }

    public static SyncFetchCommand changedSince(
            SelectCommand after, UidSet uids, long modSeq, boolean vanished) {
        return new SyncFetchCommand(
                after, "UID FETCH " + uids, uids, "(UID FLAGS MODSEQ)", modSeq, vanished);
    }

    public static SyncFetchCommand modSeqs(SelectCommand after, UidSet uids) {
        return new SyncFetchCommand(after, "UID FETCH " + uids, uids, "(UID MODSEQ)", null, false);
    }

    /** Mod-sequences of the first and the last message. */
    public static SyncFetchCommand modSeqsOfEnds(SelectCommand after) {
        return new SyncFetchCommand(
                after, "FETCH 1,*", UidSet.from(1), "(UID MODSEQ)", null, false);
    }

    @Override
    public void write(CommandLine line) {
        line.words(messages + " " + items);
        if (changedSince != null) {
            line.words(
                    " (CHANGEDSINCE "
                            + Math.max(1, changedSince)
                            + (wantsVanished ? " VANISHED)" : ")"));
        }
    }

    @Override
    public boolean sharesResponses() {
        return true;
    }

    @Override
    public boolean take(Response response) {
        if (!after.ended()) {
            return false; // about the mailbox that was selected before
        }
        int start = response.position();
        if (response.skipWord("VANISHED")) {
            boolean earlier = response.skipWord("(EARLIER)");
            response.skipSpaces();
            response.ranges(earlier ? adder(vanished) : adder(vanishedMeanwhile));
            throwIfTooMany(vanished.size() + vanishedMeanwhile.size());
            response.seek(start);
            return earlier; // the others change the counters of the selected mailbox
        }
        long sequenceNumber = response.messageData("FETCH");
        if (sequenceNumber < 0) {
            return false;
        }
        var parser = new FetchParser(sequenceNumber);
        parser.read(response, List.of());
        withoutUid |= parser.uid() == 0;
        if (uids.contains(parser.uid())) {
            var message = parser.message();
            add(new MessageFlags(message.uid(), shared(message.flags()), message.modSeq()));
        }
        return true;
    }

    @Override
    public void expunged(long sequenceNumber) {
        expunged++;
    }

    /** How many messages were expunged during its exchange. */
    public long expunged() {
        return expunged + vanishedMeanwhile().size();
    }

    private void add(MessageFlags message) {
        var earlier = found.get(message.uid());
        found.put(message.uid(), earlier == null ? message : message.after(earlier));
        throwIfTooMany(found.size());
    }

    private static void throwIfTooMany(int count) {
        if (count > MOST_MESSAGES) {
            throw new MalformedResponse("more messages than can be compared");
        }
    }

    private @Nullable Set<Flag> shared(@Nullable Set<Flag> flags) {
        if (flags == null || distinctFlags.size() >= MOST_DISTINCT) {
            return flags;
        }
        return distinctFlags.computeIfAbsent(flags, it -> it);
    }

    private static Response.RangeReader adder(List<UidSet.Range> ranges) {
        return (a, b) -> {
            try {
                ranges.add(new UidSet.Range(Math.min(a, b), Math.max(a, b)));
            } catch (IllegalArgumentException _) {
                throw new MalformedResponse("a set of UIDs expected");
            }
        };
    }

    /** In ascending UIDs; throws ProtocolError where an answer does not say which message it is. */
    public List<MessageFlags> messages() {
        if (withoutUid) {
            throw new ImapException.ProtocolError(
                    "the mail server tells flags without saying of which message", null, null);
        }
        return List.copyOf(found.values());
    }

    /** The messages that changed after the mod-sequence that was asked for, with their flags. */
    public List<MessageFlags> changed() {
        var changed = new ArrayList<MessageFlags>();
        for (var message : messages()) {
            // Another command of the flush may have asked for the mod-sequence alone.
            var modSeq = message.modSeq();
            if (changedSince == null || modSeq == null || modSeq > changedSince) {
                changed.add(message);
            }
        }
        return changed;
    }

    public UidSet vanished() {
        return new UidSet(vanished);
    }

    public UidSet vanishedMeanwhile() {
        return new UidSet(vanishedMeanwhile);
    }
}
