package postern.imap.angus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import postern.imap.Flag;
import postern.imap.ImapException;
import postern.imap.UidSet;

/**
 * An EXPUNGE of these messages and no other, where the server has UIDPLUS (RFC 4315 §2.1). Those
 * that are not removed lose the mark that was put on them: the next EXPUNGE of others shall not
 * take them.
 */
final class UidExpunge {

    private final AngusConnection connection;
    private final UidSet uids;

    UidExpunge(AngusConnection connection, UidSet uids) {
        this.connection = connection;
        this.uids = uids;
    }

    void run() {
        var before = sight();
        var mark = marking(StoreCommand.Action.ADD, uids);
        var expunge = ExpungeCommand.of(uids);
        connection.exchange(List.of(before, mark, expunge));
        boolean refused = !mark.ok() || !expunge.ok();
        if (!refused && left(before).isEmpty()) {
            return;
        }
        unmark(before.seen());
        mark.throwUnlessOk();
        expunge.throwUnlessOk();
        throw new ImapException.NotPossible("the mail server left it undone", null);
    }

    /** Some servers tell with the next command that they removed something. */
    private Set<Long> left(SightCommand before) {
        if (before.left().isEmpty()) {
            return Set.of();
        }
        var now = sight();
        connection.exchange(List.of(SimpleCommand.noop(), now));
        return now.left().keySet();
    }

    private void unmark(Map<Long, Set<Flag>> before) {
        var ours = new HashSet<Long>();
        before.forEach((uid, flags) -> {
            if (!flags.contains(Flag.DELETED)) {
                ours.add(uid);
            }
        });
        var back = new ArrayList<Command>();
        for (var piece : UidSet.of(ours).pieces()) {
            back.add(marking(StoreCommand.Action.REMOVE, piece));
        }
        if (back.isEmpty() || !connection.usable()) {
            return;
        }
        try {
            connection.exchange(back);
        } catch (ImapException _) {
            // why nothing was removed is what there is to tell
        }
    }

    private SightCommand sight() {
        return new SightCommand(uids, connection.capabilities());
    }

    private static StoreCommand marking(StoreCommand.Action action, UidSet uids) {
        return new StoreCommand(uids, action, Set.of(Flag.DELETED), null);
    }
}
