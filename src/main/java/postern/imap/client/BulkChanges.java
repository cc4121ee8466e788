package postern.imap.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import postern.imap.BulkChange;
import postern.imap.Copied;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.MessageRef;
import postern.imap.client.command.Command;
import postern.imap.client.command.CopyCommand;
import postern.imap.client.command.PresenceCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StoreCommand;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;

/**
 * Applies one change to many messages. A set that is too long for a command line is split into
 * pieces. For each piece, the commands and those that check which messages exist are sent in one
 * flush.
 *
 * <p>When the connection is lost, messages that the server has confirmed are done, those whose
 * command it may have started are unknown, and those whose command was not sent are not done.
 */
final class BulkChanges {

    /** Number of attempts when other clients interfere. */
    private static final int TRIES = 5;

    private final CommandChannel connection;
    private final ClientMailbox mailbox;
    private final TreeMap<Long, MessageOutcome> outcomes = new TreeMap<>();

    BulkChanges(CommandChannel connection, ClientMailbox mailbox) {
        this.connection = connection;
        this.mailbox = mailbox;
    }

    /** The outcomes, in ascending UIDs. */
    List<MessageOutcome> apply(UidSet uids, BulkChange change) {
        for (var piece : uids.pieces()) {
            switch (change) {
                case BulkChange.Store(var flags) -> store(piece, flags, 1);
                case BulkChange.Copy(var to) -> transfer(piece, CopyCommand.copy(piece, to), 1);
                case BulkChange.Move(var to) -> move(piece, to);
                case BulkChange.Expunge _ -> expunge(piece);
            }
        }
        return List.copyOf(outcomes.values());
    }

    private void store(UidSet uids, FlagChange change, int tries) {
        var add = stores(uids, StoreCommand.Action.ADD, change.added());
        var remove = stores(uids, StoreCommand.Action.REMOVE, change.removed());
        var after = presence(uids);
        var lost = exchange(CommandChannel.commands(SimpleCommand.noop(), add, remove, after));
        var refusal = refusal(add, remove);
        Map<Long, Set<Flag>> seen = after.left();
        if (lost == null && (refusal != null || !lacking(seen, change).isEmpty())) {
            // Courier shows messages that another client has removed until it has reported the
            // removal.
            var now = existing(uids);
            lost = now == null ? new ImapException.OutcomeUnknown(null) : null;
            seen = now == null ? seen : now;
        }
        stored(uids, change, seen, refusal, lost, ended(add) && ended(remove));
        var again = refusal == null ? lacking(seen, change) : seen.keySet();
        boolean worthIt = refusal == null ? keeps(change) : fewer(again, uids);
        if (lost == null && worthIt && !again.isEmpty() && tries < TRIES) {
            store(UidSet.of(again), change, tries + 1);
        }
    }

    private void stored(
            UidSet uids,
            FlagChange change,
            Map<Long, Set<Flag>> seen,
            @Nullable ImapException refusal,
            @Nullable ImapException lost,
            boolean stored) {
        each(
                uids,
                uid -> {
                    var flags = seen.get(uid);
                    boolean seenDone = stored && flags != null && flags.containsAll(change.added());
                    if (lost != null && !seenDone) {
                        return notConfirmed(uid, lost);
                    }
                    if (flags == null) {
                        return new MessageOutcome.Gone(uid);
                    }
                    if (refusal != null) {
                        return new MessageOutcome.Refused(uid, refusal, null);
                    }
                    return flags.containsAll(change.added())
                            ? new MessageOutcome.Done(uid, flags, null)
                            : new MessageOutcome.Refused(uid, notKept(), null);
                });
    }

    /** The messages that lack a flag that was added. */
    private static Set<Long> lacking(Map<Long, Set<Flag>> seen, FlagChange change) {
        var lacking = new TreeSet<Long>();
        seen.forEach((uid, flags) -> {
            if (!flags.containsAll(change.added())) {
                lacking.add(uid);
            }
        });
        return lacking;
    }

    /**
     * Whether the mailbox can store the flags, so that a missing one was most likely removed by
     * another client.
     */
    private boolean keeps(FlagChange change) {
        return change.added().stream().allMatch(flag -> mailbox.state().keeps(flag));
    }

    /** Servers may drop keywords that are not in PERMANENTFLAGS (RFC 9051 §7.1). */
    private static ImapException notKept() {
        return new ImapException.NotPossible("the mailbox does not keep these keywords", null);
    }

    private static @Nullable StoreCommand stores(
            UidSet uids, StoreCommand.Action action, Set<Flag> flags) {
        return flags.isEmpty() ? null : new StoreCommand(uids, action, flags, null);
    }

    private void move(UidSet uids, MailboxName destination) {
        boolean announced = mailbox.capabilities().move();
        if (announced) {
            var move = CopyCommand.move(uids, destination);
            transfer(uids, move, 1);
            if (!move.misunderstood()) {
                return;
            }
            // The server did not understand the command, so that nothing was moved.
        }
        transfer(uids, CopyCommand.copy(uids, destination), 1);
        var copies = new TreeMap<Long, MessageOutcome.Done>();
        uids.stream()
                .forEach(uid -> {
                    if (outcomes.get(uid) instanceof MessageOutcome.Done copied) {
                        copies.put(uid, copied);
                    }
                });
        if (!copies.isEmpty()) {
            if (announced) {
                connection.giveUp(RefusedCapabilities.MOVE); // it understands the destination
            }
            // UIDs are never reused, so that every message removed here is one that was copied.
            expunge(UidSet.of(copies.keySet()));
            copies.forEach(
                    (uid, copied) -> outcomes.computeIfPresent(uid, (_, f) -> moved(f, copied)));
        }
    }

    private static MessageOutcome moved(MessageOutcome removed, MessageOutcome.Done copied) {
        return switch (removed) {
            case MessageOutcome.Done _, MessageOutcome.Gone _ -> copied;
            case MessageOutcome.Refused(long uid, var reason, var _) ->
                    new MessageOutcome.Refused(
                            uid, ClientMailbox.copiedOnly(reason), copied.successor());
            case MessageOutcome.Unknown(long uid, var reason, var _) ->
                    new MessageOutcome.Unknown(uid, reason, copied.successor());
        };
    }

    /** COPY or MOVE. */
    private void transfer(UidSet uids, CopyCommand command, int tries) {
        var presence = presence(uids);
        var commands = new ArrayList<Command>(List.of(SimpleCommand.noop(), presence, command));
        if (!mailbox.capabilities().uidPlus()) {
            // reports which messages were expunged in the meantime
            commands.add(SimpleCommand.noop());
        }
        var lost = exchange(commands);
        var before = presence.reported();
        var copied = command.copied();
        if (lost != null && !command.ok()) {
            each(
                    uids,
                    uid ->
                            presence.ended() && !before.containsKey(uid)
                                    ? new MessageOutcome.Gone(uid)
                                    : notConfirmed(uid, lost));
            return;
        }
        // Cyrus and Courier answer OK to a COPY of expunged messages, without COPYUID for them.
        var unsure = command.moves() ? presence.left().keySet() : before.keySet();
        boolean doubtful =
                command.failure() != null
                        || mailbox.capabilities().uidPlus()
                                && !copied.uids().keySet().containsAll(unsure)
                        || command.moves() && !unsure.isEmpty();
        var there = doubtful ? existing(uids) : presence.left();
        each(uids, uid -> transferred(uid, command, before, there));
        var again = there == null ? Set.<Long>of() : again(uids, command, there);
        if (!again.isEmpty() && tries < TRIES) {
            var left = UidSet.of(again);
            transfer(left, command.of(left), tries + 1);
        }
    }

    /** The messages to try again: it is certain that they were not copied. */
    private static Set<Long> again(UidSet uids, CopyCommand command, Map<Long, Set<Flag>> there) {
        var failure = command.failure();
        if (failure != null) {
            boolean othersInTheWay =
                    failure instanceof ImapException.MailboxInUse || fewer(there.keySet(), uids);
            return othersInTheWay ? there.keySet() : Set.of();
        }
        if (!command.moves() || command.copied().uidValidity() == null) {
            return Set.of();
        }
        var left = new TreeSet<>(there.keySet());
        left.removeAll(command.copied().uids().keySet());
        return left;
    }

    /**
     * @param there null when the connection was lost before that could be found out
     */
    private MessageOutcome transferred(
            long uid,
            CopyCommand command,
            Map<Long, Set<Flag>> before,
            @Nullable Map<Long, Set<Flag>> there) {
        var successor = successor(command.destination(), command.copied(), uid);
        if (successor != null) {
            return new MessageOutcome.Done(uid, before.get(uid), successor);
        }
        var reason = command.failure();
        if (there == null) {
            return new MessageOutcome.Unknown(uid, new ImapException.OutcomeUnknown(reason), null);
        }
        boolean left = there.containsKey(uid);
        if (reason != null) {
            return left ? refused(uid, reason) : vanished(uid, command, reason, before);
        }
        if (left && command.moves()) {
            return refused(uid, null);
        }
        // Dovecot shows expunged messages until it has reported them, and copies only the others.
        if (!before.containsKey(uid) || command.copied().uidValidity() != null) {
            return new MessageOutcome.Gone(uid);
        }
        return left || command.moves()
                ? new MessageOutcome.Done(uid, before.get(uid), null)
                : new MessageOutcome.Gone(uid);
    }

    /**
     * A COPY that fails has copied nothing, and a server with UIDPLUS sends COPYUID before a MOVE
     * removes anything (RFC 6851 §4.3).
     */
    private MessageOutcome vanished(
            long uid, CopyCommand command, ImapException reason, Map<Long, Set<Flag>> before) {
        boolean certain = !command.moves() || mailbox.capabilities().uidPlus();
        return certain || !before.containsKey(uid)
                ? new MessageOutcome.Gone(uid)
                : new MessageOutcome.Unknown(uid, reason, null);
    }

    private @Nullable MessageRef successor(MailboxName destination, Copied copied, long uid) {
        var uidValidity = copied.uidValidity();
        var successor = copied.uids().get(uid);
        return uidValidity == null || successor == null
                ? null
                : new MessageRef(destination, uidValidity, successor, mailbox.accountTag());
    }

    private static MessageOutcome refused(long uid, @Nullable ImapException reason) {
        return new MessageOutcome.Refused(
                uid, reason != null ? reason : new ImapException.MailboxInUse(null), null);
    }

    private void expunge(UidSet uids) {
        if (!mailbox.capabilities().uidPlus()) {
            expungeAlone(uids);
            return;
        }
        var expunge = new UidExpunge(connection, uids).run();
        var left = expunge.left();
        var reason = expunge.reason();
        each(
                uids,
                uid -> {
                    if (reason != null && expunge.open(uid)) {
                        return notConfirmed(uid, reason);
                    }
                    return left != null && left.containsKey(uid)
                            ? refused(uid, reason)
                            : gone(uid, expunge.marked());
                });
    }

    private static MessageOutcome gone(long uid, Map<Long, Set<Flag>> before) {
        return before.containsKey(uid)
                ? new MessageOutcome.Done(uid, before.get(uid), null)
                : new MessageOutcome.Gone(uid);
    }

    private void expungeAlone(UidSet uids) {
        var before = existing(uids);
        if (before == null) {
            each(uids, uid -> new MessageOutcome.Refused(uid, closed(), null));
            return;
        }
        var those = UidSet.of(before.keySet());
        ImapException reason = null;
        try {
            mailbox.expunge(those);
        } catch (ImapException e) {
            reason = e;
        }
        var there = connection.usable() ? existing(uids) : null;
        if (there == null) {
            var unknown = reason == null ? closed() : reason;
            each(
                    uids,
                    uid ->
                            those.contains(uid)
                                    ? new MessageOutcome.Unknown(uid, unknown, null)
                                    : new MessageOutcome.Gone(uid));
            return;
        }
        removed(uids, before, there.keySet(), reason);
    }

    private void removed(
            UidSet uids,
            Map<Long, Set<Flag>> before,
            Set<Long> left,
            @Nullable ImapException reason) {
        each(
                uids,
                uid -> {
                    if (left.contains(uid)) {
                        return refused(uid, reason);
                    }
                    return gone(uid, before);
                });
    }

    /**
     * Whether a refusal may be due to expunged messages in the set (Dovecot's EXPUNGEISSUED, for
     * one), so that the remaining ones are worth another attempt.
     */
    private static boolean fewer(Set<Long> left, UidSet uids) {
        return !left.isEmpty() && left.size() < uids.size();
    }

    /** The messages that exist now; null when the server does not say. */
    private @Nullable TreeMap<Long, Set<Flag>> existing(UidSet uids) {
        var presence = presence(uids);
        var lost = exchange(List.of(SimpleCommand.noop(), presence));
        return lost == null && presence.ok() ? presence.left() : null;
    }

    private PresenceCommand presence(UidSet uids) {
        return new PresenceCommand(uids, mailbox.capabilities());
    }

    /** Returns the exception that ended the connection; null when it is still open. */
    private @Nullable ImapException exchange(List<Command> commands) {
        if (!connection.usable()) {
            return closed();
        }
        try {
            connection.exchange(commands);
            for (var command : commands) {
                if (command instanceof PresenceCommand presence && !presence.left().isEmpty()) {
                    mailbox.uidSeen(presence.left().lastKey());
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

    private MessageOutcome notConfirmed(long uid, ImapException lost) {
        return lost instanceof ImapException.OutcomeUnknown
                ? new MessageOutcome.Unknown(uid, lost, null)
                : new MessageOutcome.Refused(uid, lost, null);
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

    private void each(UidSet uids, LongFunction<MessageOutcome> outcome) {
        uids.stream().forEach(uid -> outcomes.put(uid, outcome.apply(uid)));
    }
}
