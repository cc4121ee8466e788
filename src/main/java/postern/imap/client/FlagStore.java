package postern.imap.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import postern.imap.ImapException;
import postern.imap.client.command.FetchCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SelectionState;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StoreCommand;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;

/** UID STORE, and the FETCH of the new flags in the same flush. */
final class FlagStore {

    private static final FetchItems FLAGS = FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);

    private final CommandChannel channel;
    private final SelectionState selection;
    private final ClientMailbox mailbox;

    FlagStore(CommandChannel channel, SelectionState selection, ClientMailbox mailbox) {
        this.channel = channel;
        this.selection = selection;
        this.mailbox = mailbox;
    }

    List<FetchedMessage> store(UidSet uids, FlagChange change) {
        var stores = new ArrayList<StoreCommand>();
        if (!change.added().isEmpty()) {
            stores.add(new StoreCommand(uids, StoreCommand.Action.ADD, change.added(), null));
        }
        if (!change.removed().isEmpty()) {
            stores.add(new StoreCommand(uids, StoreCommand.Action.REMOVE, change.removed(), null));
        }
        return flags(uids, exchange(uids, stores), stores);
    }

    /** Throws MessageModified when one of the messages was changed since that mod-sequence. */
    List<FetchedMessage> storeIfUnchanged(UidSet uids, FlagChange change, long unchangedSince) {
        if (!channel.capabilities().unchangedSince()) {
            return checkAndStore(uids, change, unchangedSince);
        }
        if (!change.added().isEmpty() && !change.removed().isEmpty()) {
            // The first conditional STORE would make the second one fail, so that all flags are set
            // by one.
            return replace(uids, change, unchangedSince);
        }
        var store =
                change.removed().isEmpty()
                        ? new StoreCommand(
                                uids, StoreCommand.Action.ADD, change.added(), unchangedSince)
                        : new StoreCommand(
                                uids, StoreCommand.Action.REMOVE, change.removed(), unchangedSince);
        var after = exchange(uids, List.of(store));
        return refusesCondition(store)
                ? withoutCondition(uids, change, unchangedSince)
                : flags(uids, after, List.of(store));
    }

    /** Returns the FETCH of the flags after the stores. */
    private FetchCommand exchange(UidSet uids, List<StoreCommand> stores) {
        var after = new FetchCommand(FetchRequest.uids(uids, FLAGS), channel.capabilities());
        // Courier shows messages that another client has removed until it has reported the removal.
        var commands = CommandChannel.commands(SimpleCommand.noop());
        commands.addAll(stores);
        commands.add(after);
        channel.exchange(commands);
        return after;
    }

    /**
     * The new flags. A STORE refused because all of its messages were expunged is not a failure.
     */
    private List<FetchedMessage> flags(UidSet uids, FetchCommand after, List<StoreCommand> stores) {
        boolean gone = after.ok() && after.found().isEmpty();
        for (var store : stores) {
            if (!gone || store.hasCode("MODIFIED")) {
                store.throwUnlessOk();
            }
        }
        return channel.state().fetchExtras().suspect(List.of(after)) == null
                ? FetchAnswer.of(channel, selection, after, selection.state().messages())
                : mailbox.fetch(uids, FLAGS);
    }

    private boolean refusesCondition(StoreCommand store) {
        return store.misunderstood() && channel.usable();
    }

    /** For a server that announced UNCHANGEDSINCE but does not support it. */
    private List<FetchedMessage> withoutCondition(
            UidSet uids, FlagChange change, long unchangedSince) {
        var messages = checkAndStore(uids, change, unchangedSince);
        if (!messages.isEmpty()) { // else the reason may be that the messages are gone
            channel.giveUp(RefusedCapabilities.UNCHANGEDSINCE);
        }
        return messages;
    }

    /**
     * Checks whether the messages were changed, then stores; changes of others in between are
     * overlooked.
     */
    private List<FetchedMessage> checkAndStore(
            UidSet uids, FlagChange change, long unchangedSince) {
        var _ = requireUnchanged(uids, unchangedSince);
        return mailbox.store(uids, change);
    }

    private List<FetchedMessage> requireUnchanged(UidSet uids, long since) {
        var messages = mailbox.fetch(uids, FLAGS);
        if (messages.stream().anyMatch(m -> m.modSeq() == null || m.modSeq() > since)) {
            throw new ImapException.MessageModified(null);
        }
        return messages;
    }

    private List<FetchedMessage> replace(UidSet uids, FlagChange change, long unchangedSince) {
        for (var message : requireUnchanged(uids, unchangedSince)) {
            var flags = new HashSet<>(Objects.requireNonNull(message.flags()));
            flags.remove(Flag.RECENT);
            flags.addAll(change.added());
            flags.removeAll(change.removed());
            var uid = UidSet.of(message.uid());
            var store = new StoreCommand(uid, StoreCommand.Action.REPLACE, flags, unchangedSince);
            channel.exchange(List.of(store));
            if (refusesCondition(store)) {
                return withoutCondition(uids, change, unchangedSince);
            }
            store.throwUnlessOk();
        }
        return mailbox.fetch(uids, FLAGS);
    }
}
