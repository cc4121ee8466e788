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
 * An EXPUNGE of certain messages on a server with UIDPLUS (RFC 4315 §2.1).
 *
 * <p>A mark {@code \Deleted} can get lost when another client changes the message at the same time
 * (Maildir), and some servers refuse the whole command when one message is missing. So the
 * remaining messages are checked, and tried again a few times. Messages that still remain lose the
 * mark that was set here, so that a later EXPUNGE of another client does not remove them.
 */
final class UidExpunge {

    private static final int TRIES = 5;

    private final CommandChannel connection;
    private final TreeMap<Long, Set<Flag>> marked = new TreeMap<>();
    private final TreeMap<Long, Set<Flag>> left = new TreeMap<>();
    private UidSet open;
    private boolean leftKnown;
    private @Nullable ImapException reason;

    UidExpunge(CommandChannel connection, UidSet uids) {
        this.connection = connection;
        this.open = uids;
    }

    /**
     * The messages that the server showed with {@code \Deleted}, with the flags they had before.
     * Only these can have been removed by this command.
     */
    Map<Long, Set<Flag>> marked() {
        return marked;
    }

    /** The messages that still exist; null when the connection was lost before that was known. */
    @Nullable Map<Long, Set<Flag>> left() {
        return leftKnown ? left : null;
    }

    /** Whether it is unknown if this message was removed. */
    boolean open(long uid) {
        return !leftKnown && open.contains(uid);
    }

    /** Why messages remain, or why it is unknown; null when all are removed. */
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
            var before = presence();
            var mark = marking(StoreCommand.Action.ADD, open);
            var after = presence();
            var expunge = ExpungeCommand.of(open);
            var lost = exchange(List.of(SimpleCommand.noop(), before, mark, after, expunge));
            noteMarked(before, after);
            if (lost != null) {
                return unfinished(before, expunge, lost);
            }
            var refusal = mark.failure() != null ? mark.failure() : expunge.failure();
            var now = before;
            if (refusal != null || !before.ok() || !before.left().isEmpty()) {
                // Some servers report removed messages only with the next command.
                now = presence();
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
            boolean hopeless = refusal != null && there.size() == before.reported().size();
            open = UidSet.of(there.keySet());
            if (!there.isEmpty() && (hopeless || tries == TRIES || open.pieces().size() > 1)) {
                return stopped(there, refusal);
            }
        }
        leftKnown = true;
        return this;
    }

    /**
     * Dovecot also reports a message that another client has moved away since this mailbox was last
     * synchronised, but it cannot store the flag.
     */
    private void noteMarked(PresenceCommand before, PresenceCommand after) {
        var flags = new TreeMap<>(after.reported());
        flags.putAll(before.reported());
        flags.keySet()
                .removeIf(uid -> !before.deleted().contains(uid) && !after.deleted().contains(uid));
        flags.forEach(marked::putIfAbsent);
    }

    private UidExpunge unfinished(PresenceCommand before, Command expunge, ImapException lost) {
        if (expunge.ok()) {
            open = UidSet.EMPTY;
            leftKnown = true;
            return this;
        }
        if (before.ended()) {
            open = UidSet.of(before.reported().keySet());
        }
        reason = lost;
        return this;
    }

    /** The server does not say which messages remain. */
    private UidExpunge unseen(PresenceCommand before, Command expunge, Command now) {
        reason =
                expunge.failure() != null
                        ? expunge.failure()
                        : new ImapException.OutcomeUnknown(now.failure());
        if (before.ok()) {
            open = UidSet.of(before.left().keySet());
            var ours = new HashSet<>(before.left().keySet());
            ours.removeIf(
                    uid -> before.reported().getOrDefault(uid, Set.of()).contains(Flag.DELETED));
            unmark(ours);
        }
        return this;
    }

    private void unmark(Set<Long> uids) {
        for (var piece : UidSet.of(uids).pieces()) {
            // A failure here is ignored: the reason for the failed EXPUNGE is what is reported.
            var _ = exchange(List.of(marking(StoreCommand.Action.REMOVE, piece)));
        }
    }

    private UidExpunge stopped(Map<Long, Set<Flag>> there, @Nullable ImapException refusal) {
        leftKnown = true;
        left.putAll(there);
        reason = refusal == null ? new ImapException.MailboxInUse(null) : refusal;
        var ours = new HashSet<Long>();
        there.forEach((uid, flags) -> {
            var then = marked.get(uid);
            if (flags.contains(Flag.DELETED) && then != null && !then.contains(Flag.DELETED)) {
                ours.add(uid);
            }
        });
        unmark(ours);
        return this;
    }

    private PresenceCommand presence() {
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
