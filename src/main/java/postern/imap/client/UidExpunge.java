package postern.imap.client;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.client.command.Command;
import postern.imap.client.command.ExpungeCommand;
import postern.imap.client.command.PresenceCommand;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StoreCommand;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;

/**
 * An EXPUNGE of these messages and no other, where the server has UIDPLUS (RFC 4315 §2.1).
 *
 * <p>A mark that was put on a message can be lost when another client changes it at the same time
 * (Maildir), and some servers refuse all for want of one. So what is left is looked at, and tried
 * again a few times. What stays in the end loses the mark that was put on it: the next EXPUNGE of
 * others shall not take it.
 */
final class UidExpunge {

    private static final int TRIES = 5;

    private final ClientConnection connection;
    private final TreeMap<Long, Set<Flag>> was = new TreeMap<>();
    private final TreeMap<Long, Set<Flag>> left = new TreeMap<>();
    private UidSet open;
    private boolean looked;
    private @Nullable ImapException reason;

    UidExpunge(ClientConnection connection, UidSet uids) {
        this.connection = connection;
        this.open = uids;
    }

    /** Those that were there, with their flags. */
    Map<Long, Set<Flag>> was() {
        return was;
    }

    /** Those that are there still; null when the connection was lost before that was known. */
    @Nullable Map<Long, Set<Flag>> left() {
        return looked ? left : null;
    }

    /** Whether nobody knows of this one whether it is gone. */
    boolean open(long uid) {
        return !looked && open.contains(uid);
    }

    /** Why messages are left, or why it is not known. */
    @Nullable ImapException reason() {
        return reason;
    }

    void throwUnlessDone() {
        if (reason != null) {
            throw reason;
        }
    }

    UidExpunge run() {
        for (int tries = 1; !open.isEmpty(); tries++) {
            var before = sight();
            var mark = marking(StoreCommand.Action.ADD, open);
            var expunge = ExpungeCommand.of(open);
            // What others removed before is told by the NOOP, and is not ours.
            var lost = exchange(List.of(SimpleCommand.noop(), before, mark, expunge));
            before.seen().forEach(was::putIfAbsent);
            if (lost != null) {
                return unfinished(before, expunge, lost);
            }
            var refusal = mark.failure() != null ? mark.failure() : expunge.failure();
            var now = before;
            if (refusal != null || !before.ok() || !before.left().isEmpty()) {
                // Some servers tell with the next command that they removed something.
                now = sight();
                lost = exchange(List.of(SimpleCommand.noop(), now));
                if (lost != null) {
                    reason = new ImapException.OutcomeUnknown(lost);
                    return this;
                }
                if (!now.ok()) {
                    return unseen(before, expunge, now);
                }
            }
            var there = now.left();
            boolean hopeless = refusal != null && there.size() == before.seen().size();
            open = UidSet.of(there.keySet());
            if (!there.isEmpty() && (hopeless || tries == TRIES || open.pieces().size() > 1)) {
                return stopped(there, refusal);
            }
        }
        looked = true;
        return this;
    }

    private UidExpunge unfinished(PresenceCommand before, Command expunge, ImapException lost) {
        if (expunge.ok()) {
            open = UidSet.EMPTY;
            looked = true;
            return this;
        }
        if (before.ended()) {
            open = UidSet.of(before.seen().keySet());
        }
        reason = lost;
        return this;
    }

    /** The server does not tell what is left. */
    private UidExpunge unseen(PresenceCommand before, Command expunge, Command now) {
        reason =
                expunge.failure() != null
                        ? expunge.failure()
                        : new ImapException.OutcomeUnknown(now.failure());
        if (before.ok()) {
            open = UidSet.of(before.left().keySet());
            var ours = new HashSet<>(before.left().keySet());
            before.left()
                    .forEach((uid, flags) -> {
                        if (flags.contains(Flag.DELETED)) {
                            ours.remove(uid);
                        }
                    });
            unmark(ours);
        }
        return this;
    }

    private void unmark(Set<Long> uids) {
        for (var piece : UidSet.of(uids).pieces()) {
            // Why nothing was removed is what there is to tell.
            var _ = exchange(List.of(marking(StoreCommand.Action.REMOVE, piece)));
        }
    }

    private UidExpunge stopped(Map<Long, Set<Flag>> there, @Nullable ImapException refusal) {
        looked = true;
        left.putAll(there);
        reason = refusal == null ? new ImapException.MailboxInUse(null) : refusal;
        var ours = new HashSet<Long>();
        there.forEach((uid, flags) -> {
            var then = was.get(uid);
            if (flags.contains(Flag.DELETED) && then != null && !then.contains(Flag.DELETED)) {
                ours.add(uid);
            }
        });
        unmark(ours);
        return this;
    }

    private PresenceCommand sight() {
        return new PresenceCommand(open, connection.capabilities());
    }

    private @Nullable ImapException exchange(List<Command> commands) {
        try {
            connection.exchange(commands);
            return null;
        } catch (ImapException e) {
            return e;
        }
    }

    private static StoreCommand marking(StoreCommand.Action action, UidSet uids) {
        return new StoreCommand(uids, action, Set.of(Flag.DELETED), null);
    }
}
