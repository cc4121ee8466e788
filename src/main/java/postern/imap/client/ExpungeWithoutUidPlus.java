package postern.imap.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.imap.ImapException;
import postern.imap.client.command.Command;
import postern.imap.client.command.ExpungeCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SearchCommand;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StoreCommand;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;

/**
 * An EXPUNGE of certain messages on a server without UIDPLUS. EXPUNGE removes every message marked
 * {@code \Deleted}, so that the marks of other messages are removed before it and restored after
 * it.
 *
 * <p>Marks that other clients set in the meantime are searched for just before the EXPUNGE; while
 * they keep setting marks, nothing is removed. The marks are restored in the same flush as the
 * EXPUNGE. A window of one round trip remains: a message that another client marks between the last
 * search and the EXPUNGE is removed as well, as by any EXPUNGE; and when the connection is lost
 * within it, the removed marks stay removed, though no message is lost.
 */
final class ExpungeWithoutUidPlus {

    private static final int LOOKS = 3;

    private final CommandChannel connection;
    private final UidSet uids;
    private UidSet lifted = UidSet.EMPTY;

    ExpungeWithoutUidPlus(CommandChannel connection, UidSet uids) {
        this.connection = connection;
        this.uids = uids;
    }

    void run() {
        boolean removed = false;
        try {
            var others = othersAfter(marking(StoreCommand.Action.ADD, uids));
            for (int looks = 1; !others.isEmpty(); looks++) {
                if (looks == LOOKS) {
                    throw new ImapException.MailboxInUse(null);
                }
                lifted = lifted.with(others);
                others = othersAfter(marking(StoreCommand.Action.REMOVE, others));
            }
            removed = expunge();
        } finally {
            if (!removed && connection.usable()) {
                var back = new ArrayList<Command>(marking(StoreCommand.Action.REMOVE, uids));
                back.addAll(marking(StoreCommand.Action.ADD, lifted));
                connection.exchange(back);
            }
        }
    }

    /** The other messages that are marked after those commands. */
    private UidSet othersAfter(List<StoreCommand> stores) {
        var search =
                new SearchCommand(
                        new SearchTerm.And(
                                List.of(
                                        new SearchTerm.HasFlag(Flag.DELETED),
                                        new SearchTerm.Not(new SearchTerm.Uids(uids)))),
                        connection.capabilities().without(RefusedCapabilities.ESEARCH));
        connection.run(stores.toArray(Command[]::new));
        // The NOOP is needed since servers search only messages that they have reported, and
        // EXPUNGE also removes newer ones. It is sent in a flush of its own, since Dovecot reports
        // nothing between the commands of a flush that contains a STORE.
        connection.run(SimpleCommand.noop(), search);
        return search.uids();
    }

    /** Whether the marks of the other messages were restored; throws when the EXPUNGE failed. */
    private boolean expunge() {
        var expunge = ExpungeCommand.ofAllMarked();
        var restore = marking(StoreCommand.Action.ADD, lifted);
        var commands = new ArrayList<Command>(List.of(expunge));
        commands.addAll(restore);
        connection.exchange(commands);
        expunge.throwUnlessOk();
        return restore.stream().allMatch(Command::ok);
    }

    private static List<StoreCommand> marking(StoreCommand.Action action, UidSet uids) {
        return uids.pieces().stream()
                .map(piece -> new StoreCommand(piece, action, Set.of(Flag.DELETED), null))
                .toList();
    }
}
