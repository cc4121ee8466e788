package postern.imap.angus;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import postern.imap.BulkChange;
import postern.imap.Copied;
import postern.imap.Fate;
import postern.imap.Flag;
import postern.imap.FlagChange;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.UidSet;

/**
 * Does one thing to many messages. A set that makes too long a line is cut into pieces; the
 * commands for a piece, and those that look which messages there are, leave in one flush.
 *
 * <p>When the connection is lost, what the server has confirmed is done, what it may have begun is
 * unknown, and what was not sent is not done.
 */
final class Bulk {

    private final AngusConnection connection;
    private final AngusMailbox mailbox;
    private final TreeMap<Long, Fate> fates = new TreeMap<>();
    private boolean sent;

    Bulk(AngusConnection connection, AngusMailbox mailbox) {
        this.connection = connection;
        this.mailbox = mailbox;
    }

    /** In ascending UIDs. */
    List<Fate> apply(UidSet uids, BulkChange change) {
        for (var piece : uids.pieces()) {
            switch (change) {
                case BulkChange.Store(var flags) -> store(piece, flags, true);
                case BulkChange.Copy(var to) -> transfer(piece, CopyCommand.copy(piece, to), true);
                case BulkChange.Move(var to) -> move(piece, to);
                case BulkChange.Expunge _ -> expunge(piece, true);
            }
        }
        return List.copyOf(fates.values());
    }

    private void store(UidSet uids, FlagChange change, boolean first) {
        var add = stores(uids, StoreCommand.Action.ADD, change.added());
        var remove = stores(uids, StoreCommand.Action.REMOVE, change.removed());
        var after = sight(uids);
        var lost = exchange(AngusConnection.commands(add, remove, after));
        var seen = after.left();
        var refusal = refusal(add, remove);
        if (lost == null && refusal != null && first && fewer(seen.keySet(), uids)) {
            each(uids, Fate.Gone::new);
            store(UidSet.of(seen.keySet()), change, false);
            return;
        }
        boolean stored = ended(add) && ended(remove);
        each(
                uids,
                uid -> {
                    var flags = seen.get(uid);
                    if (lost != null && !(stored && flags != null)) {
                        return notConfirmed(uid, lost);
                    }
                    if (flags == null) {
                        return new Fate.Gone(uid);
                    }
                    if (refusal != null) {
                        return new Fate.Refused(uid, refusal, null);
                    }
                    return flags.containsAll(change.added())
                            ? new Fate.Done(uid, flags, null)
                            : new Fate.Refused(uid, notKept(), null);
                });
    }

    /** RFC 9051 §7.1 PERMANENTFLAGS: servers may drop keywords that a mailbox cannot keep. */
    private static ImapException notKept() {
        return new ImapException.NotPossible("the mailbox does not keep these keywords", null);
    }

    private static @Nullable StoreCommand stores(
            UidSet uids, StoreCommand.Action action, Set<Flag> flags) {
        return flags.isEmpty() ? null : new StoreCommand(uids, action, flags, null);
    }

    private void move(UidSet uids, MailboxName destination) {
        if (mailbox.capabilities().move()) {
            transfer(uids, CopyCommand.move(uids, destination), true);
            return;
        }
        transfer(uids, CopyCommand.copy(uids, destination), true);
        var copies = new TreeMap<Long, Fate.Done>();
        uids.stream()
                .forEach(uid -> {
                    if (fates.get(uid) instanceof Fate.Done copied) {
                        copies.put(uid, copied);
                    }
                });
        if (!copies.isEmpty()) {
            // Nothing comes into a set of UIDs, so that what can be removed now has been copied.
            expunge(UidSet.of(copies.keySet()), true);
            copies.forEach(
                    (uid, copied) -> fates.computeIfPresent(uid, (_, f) -> moved(f, copied)));
        }
    }

    private static Fate moved(Fate removed, Fate.Done copied) {
        return switch (removed) {
            case Fate.Done _, Fate.Gone _ -> copied;
            case Fate.Refused(long uid, var reason, var _) ->
                    new Fate.Refused(uid, AngusMailbox.copiedOnly(reason), copied.successor());
            case Fate.Unknown(long uid, var reason, var _) ->
                    new Fate.Unknown(uid, reason, copied.successor());
        };
    }

    /** COPY or MOVE. */
    private void transfer(UidSet uids, CopyCommand command, boolean first) {
        var sight = sight(uids);
        var lost = exchange(List.of(sight, command));
        var was = sight.seen();
        var copied = command.copied();
        if (lost != null && !command.ok()) {
            each(
                    uids,
                    uid ->
                            sight.ended() && !was.containsKey(uid)
                                    ? new Fate.Gone(uid)
                                    : notConfirmed(uid, lost));
            return;
        }
        boolean doubtful =
                command.failure() != null
                        || command.moves()
                                && !copied.uids().keySet().containsAll(sight.left().keySet());
        var there = doubtful ? look(uids) : sight.left();
        each(uids, uid -> transferred(uid, command, was, there));
        if (command.failure() != null && first && there != null && fewer(there.keySet(), uids)) {
            var left = UidSet.of(there.keySet());
            transfer(left, command.of(left), false);
        }
    }

    /**
     * @param there null when the connection was lost before that could be known
     */
    private Fate transferred(
            long uid,
            CopyCommand command,
            Map<Long, Set<Flag>> was,
            @Nullable Map<Long, Set<Flag>> there) {
        var successor = successor(command.destination(), command.copied(), uid);
        if (successor != null) {
            return new Fate.Done(uid, was.get(uid), successor);
        }
        var reason = command.failure();
        if (there == null) {
            return new Fate.Unknown(uid, reason == null ? closed() : reason, null);
        }
        boolean left = there.containsKey(uid);
        if (reason != null) {
            return left ? refused(uid, reason) : vanished(uid, command, reason, was);
        }
        // Dovecot shows messages as long as it has not told that they are gone, and then copies
        // the others.
        if (!was.containsKey(uid) || command.copied().uidValidity() != null) {
            return left && command.moves() ? refused(uid, null) : new Fate.Gone(uid);
        }
        return left && command.moves()
                ? refused(uid, null)
                : new Fate.Done(uid, was.get(uid), null);
    }

    /**
     * A COPY that fails has copied nothing, and who moves with UIDPLUS says where to before it
     * removes anything (RFC 6851 §4.3).
     */
    private Fate vanished(
            long uid, CopyCommand command, ImapException reason, Map<Long, Set<Flag>> was) {
        boolean certain = !command.moves() || mailbox.capabilities().uidPlus();
        return certain || !was.containsKey(uid)
                ? new Fate.Gone(uid)
                : new Fate.Unknown(uid, reason, null);
    }

    private static @Nullable MessageRef successor(
            MailboxName destination, Copied copied, long uid) {
        var uidValidity = copied.uidValidity();
        var successor = copied.uids().get(uid);
        return uidValidity == null || successor == null
                ? null
                : new MessageRef(destination, uidValidity, successor);
    }

    private static Fate refused(long uid, @Nullable ImapException reason) {
        return new Fate.Refused(
                uid,
                reason != null
                        ? reason
                        : new ImapException.NotPossible("the mail server left it undone", null),
                null);
    }

    private void expunge(UidSet uids, boolean first) {
        if (!mailbox.capabilities().uidPlus()) {
            expungeAlone(uids);
            return;
        }
        var sight = sight(uids);
        var delete = stores(uids, StoreCommand.Action.ADD, Set.of(Flag.DELETED));
        var expunge = ExpungeCommand.of(uids);
        var lost = exchange(AngusConnection.commands(sight, delete, expunge));
        var was = sight.seen();
        if (lost != null) {
            each(uids, uid -> expunged(uid, sight, was, expunge.ok(), lost));
            return;
        }
        var refusal = refusal(delete, expunge);
        var there = refusal == null && sight.left().isEmpty() ? sight.left() : look(uids);
        if (there == null) {
            each(uids, uid -> expunged(uid, sight, was, refusal == null, closed()));
            return;
        }
        removed(uids, was, there.keySet(), refusal);
        if (refusal != null && first && fewer(there.keySet(), uids)) {
            expunge(UidSet.of(there.keySet()), false);
        } else {
            unmark(was, there);
        }
    }

    private Fate expunged(
            long uid,
            SightCommand sight,
            Map<Long, Set<Flag>> was,
            boolean done,
            ImapException lost) {
        if (was.containsKey(uid)) {
            return done ? new Fate.Done(uid, was.get(uid), null) : notConfirmed(uid, lost);
        }
        return sight.ended() ? new Fate.Gone(uid) : notConfirmed(uid, lost);
    }

    /** What is not to be removed after all shall not be removed by the next EXPUNGE of others. */
    private void unmark(Map<Long, Set<Flag>> before, Map<Long, Set<Flag>> left) {
        var marked = new HashSet<Long>();
        left.forEach((uid, flags) -> {
            var then = before.get(uid);
            if (flags.contains(Flag.DELETED) && then != null && !then.contains(Flag.DELETED)) {
                marked.add(uid);
            }
        });
        if (!marked.isEmpty()) {
            exchange(
                    AngusConnection.commands(
                            stores(
                                    UidSet.of(marked),
                                    StoreCommand.Action.REMOVE,
                                    Set.of(Flag.DELETED))));
        }
    }

    private void expungeAlone(UidSet uids) {
        var was = look(uids);
        if (was == null) {
            each(uids, uid -> new Fate.Refused(uid, closed(), null));
            return;
        }
        var those = UidSet.of(was.keySet());
        ImapException reason = null;
        try {
            mailbox.expunge(those);
        } catch (ImapException e) {
            reason = e;
        }
        var there = connection.usable() ? look(uids) : null;
        if (there == null) {
            var unknown = reason == null ? closed() : reason;
            each(
                    uids,
                    uid ->
                            those.contains(uid)
                                    ? new Fate.Unknown(uid, unknown, null)
                                    : new Fate.Gone(uid));
            return;
        }
        removed(uids, was, there.keySet(), reason);
    }

    private void removed(
            UidSet uids, Map<Long, Set<Flag>> was, Set<Long> left, @Nullable ImapException reason) {
        each(
                uids,
                uid -> {
                    if (left.contains(uid)) {
                        return refused(uid, reason);
                    }
                    return was.containsKey(uid)
                            ? new Fate.Done(uid, was.get(uid), null)
                            : new Fate.Gone(uid);
                });
    }

    /**
     * Whether a refusal may be for want of the others (Dovecot's EXPUNGEISSUED, for one), so that
     * those that are left are worth another try.
     */
    private static boolean fewer(Set<Long> left, UidSet uids) {
        return !left.isEmpty() && left.size() < uids.size();
    }

    /** Which there are at this moment; null when the connection was lost. */
    private @Nullable TreeMap<Long, Set<Flag>> look(UidSet uids) {
        var sight = sight(uids);
        return exchange(List.of(SimpleCommand.noop(), sight)) == null ? sight.left() : null;
    }

    private SightCommand sight(UidSet uids) {
        return new SightCommand(uids, mailbox.capabilities());
    }

    /** What ended the connection, if anything did. */
    private @Nullable ImapException exchange(List<Command> commands) {
        if (!connection.usable()) {
            sent = false;
            return closed();
        }
        sent = true;
        try {
            connection.exchange(commands);
            for (var command : commands) {
                if (command instanceof SightCommand sight && !sight.left().isEmpty()) {
                    mailbox.saw(sight.left().lastKey());
                }
            }
            return null;
        } catch (ImapException e) {
            return e;
        }
    }

    private static ImapException closed() {
        return new ImapException.ConnectionLost(
                "the connection to the mail server was lost before", null);
    }

    private Fate notConfirmed(long uid, ImapException lost) {
        return sent ? new Fate.Unknown(uid, lost, null) : new Fate.Refused(uid, lost, null);
    }

    private static boolean ended(@Nullable Command command) {
        return command == null || command.ok();
    }

    private static @Nullable ImapException refusal(@Nullable Command... commands) {
        for (var command : commands) {
            if (command != null && command.failure() != null) {
                return command.failure();
            }
        }
        return null;
    }

    private void each(UidSet uids, LongFunction<Fate> fate) {
        uids.stream().forEach(uid -> fates.put(uid, fate.apply(uid)));
    }
}
