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
 * An EXPUNGE that takes these messages and no other, on a server without UIDPLUS. EXPUNGE takes
 * every message that is marked, so that the marks of others are lifted for as long as it takes.
 *
 * <p>What other programs mark meanwhile is looked for last, just before the EXPUNGE leaves; when
 * they go on marking, nothing is removed. The marks of others are put back in the same flush as the
 * EXPUNGE. What IMAP leaves open is one round trip: a message that somebody marks between the last
 * look and the EXPUNGE goes with it, as with any EXPUNGE; and a connection that is lost in that
 * time takes the lifted marks, though no message, with it.
 */
final class ExpungeWithoutUidPlus {

    private static final int LOOKS = 3;

    private final ClientConnection connection;
    private final UidSet uids;
    private UidSet lifted = UidSet.EMPTY;

    ExpungeWithoutUidPlus(ClientConnection connection, UidSet uids) {
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

    /** Marked messages that are not ours, when those commands have been carried out. */
    private UidSet othersAfter(List<StoreCommand> stores) {
        var search =
                new SearchCommand(
                        new SearchTerm.And(
                                List.of(
                                        new SearchTerm.HasFlag(Flag.DELETED),
                                        new SearchTerm.Not(new SearchTerm.Uids(uids)))),
                        connection.capabilities().without(RefusedCapabilities.ESEARCH));
        connection.run(stores.toArray(Command[]::new));
        // EXPUNGE also takes what has come since, which servers do not search before they tell of
        // it; Dovecot tells of nothing between commands that it got in one flush with a STORE.
        connection.run(SimpleCommand.noop(), search);
        return search.uids();
    }

    /** Whether all is as it should be. */
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
