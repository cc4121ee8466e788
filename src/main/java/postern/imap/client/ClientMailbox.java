package postern.imap.client;

import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.Appended;
import postern.imap.BulkChange;
import postern.imap.Capabilities;
import postern.imap.Copied;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageOutcome;
import postern.imap.ResponseCode;
import postern.imap.SelectedMailbox;
import postern.imap.SelectedState;
import postern.imap.client.command.AppendCommand;
import postern.imap.client.command.Command;
import postern.imap.client.command.CopyCommand;
import postern.imap.client.command.DecodedSizeCommand;
import postern.imap.client.command.FetchCommand;
import postern.imap.client.command.NoopBeforeSearch;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SearchPlan;
import postern.imap.client.command.SelectionState;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StoreCommand;
import postern.imap.client.command.StreamCommand;
import postern.imap.client.command.ThreadCommand;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchListener;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.SectionStream;
import postern.imap.message.SortKey;
import postern.imap.message.SortedUids;
import postern.imap.message.ThreadedUids;
import postern.imap.message.UidSet;

/** Runs the commands of the mailbox that is selected on a connection. */
final class ClientMailbox implements SelectedMailbox {

    private static final Set<FetchItem> FLAG_ITEMS = Set.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);

    private final ClientConnection connection;
    private final SelectionState selection;

    ClientMailbox(ClientConnection connection, SelectionState selection) {
        this.connection = connection;
        this.selection = selection;
    }

    @Override
    public MailboxName name() {
        return selection.name();
    }

    @Override
    public SelectedState state() {
        return selection.state();
    }

    @Override
    public Capabilities capabilities() {
        return connection.capabilities();
    }

    @Override
    public AccountTag accountTag() {
        return connection.accountTag();
    }

    @Override
    public List<List<FetchedMessage>> fetch(List<FetchRequest> requests, FetchListener listener) {
        var extras = connection.fetchExtras();
        var flush = fetch(requests, capabilities(), listener);
        var suspect = extras.suspect(flush.commands());
        for (var with = capabilities(); suspect != null && connection.usable(); ) {
            with = with.without(suspect);
            flush = fetch(requests, with, listener);
            var next = extras.suspect(flush.commands());
            if (next == null && flush.commands().stream().allMatch(Command::ok)) {
                connection.giveUp(suspect);
            }
            suspect = next;
        }
        extras.noteAnswered(flush.commands());
        var answers = new ArrayList<List<FetchedMessage>>();
        for (var fetch : flush.fetches()) {
            answers.add(fetch == null ? List.of() : answer(fetch, flush.known()));
        }
        return answers;
    }

    /**
     * The FETCH commands of one flush.
     *
     * @param fetches null for requests that name no messages
     * @param known the number of messages when the flush was sent
     */
    private record Flush(List<@Nullable FetchCommand> fetches, long known) {

        List<FetchCommand> commands() {
            var commands = new ArrayList<FetchCommand>();
            for (var fetch : fetches) {
                if (fetch != null) {
                    commands.add(fetch);
                }
            }
            return commands;
        }
    }

    private Flush fetch(List<FetchRequest> requests, Capabilities with, FetchListener listener) {
        var fetches = new ArrayList<@Nullable FetchCommand>();
        var commands = new ArrayList<Command>();
        var noop = SimpleCommand.noop();
        long known = state().messages();
        commands.add(noop);
        for (var request : requests) {
            var clamped = clamped(request);
            var fetch = clamped == null ? null : new FetchCommand(clamped, with, listener);
            fetches.add(fetch);
            if (fetch != null) {
                commands.add(fetch);
            }
        }
        if (capabilities().has("ACL2=UNION") && !name().inbox()) {
            commands.add(existence());
        }
        connection.exchange(commands);
        connection.requireMailbox(commands);
        noop.throwUnlessOk();
        return new Flush(fetches, known);
    }

    /** Courier continues to show a mailbox that another client has deleted; only STATUS fails. */
    private Command existence() {
        return new SimpleCommand(
                "STATUS", line -> line.words("STATUS ").mailbox(name()).words(" (UIDVALIDITY)"));
    }

    /** The request, limited to the known sequence numbers; null when no message is left. */
    private @Nullable FetchRequest clamped(FetchRequest request) {
        return switch (request.messages()) {
            case FetchRequest.ByUid(var uids) -> uids.isEmpty() ? null : request;
            case FetchRequest.BySequenceNumber(long first, long last) -> {
                long messages = selection.state().messages();
                if (first > messages) {
                    yield null;
                }
                yield last == FetchRequest.BySequenceNumber.END
                        ? request
                        : FetchRequest.places(first, Math.min(last, messages), request.items());
            }
        };
    }

    /**
     * @param known the number of messages when the command was sent
     */
    List<FetchedMessage> answer(FetchCommand fetch, long known) {
        var messages = FetchAnswer.of(connection, fetch, known, state().messages());
        for (var message : messages) {
            uidSeen(message.uid());
        }
        return messages;
    }

    /** Records that this connection has seen the message. */
    void uidSeen(long uid) {
        selection.uidSeen(uid);
    }

    @Override
    public SectionStream open(long uid, SectionRange range) {
        return open(uid, new StreamCommand(uid, "BODY.PEEK" + FetchCommand.wire(range)));
    }

    @Override
    public SectionStream openDecoded(long uid, SectionRange range) {
        var command = new StreamCommand(uid, "BINARY.PEEK" + FetchCommand.wire(range));
        try {
            return open(uid, command);
        } catch (ImapException.ProtocolError | ImapException.NotPossible e) {
            if (!connection.usable() || !command.ended()) {
                throw e;
            }
            if (command.misunderstood()) {
                connection.giveUp(RefusedCapabilities.BINARY);
            }
            throw new ImapException.UnknownEncoding(e.responseCode());
        }
    }

    private SectionStream open(long uid, StreamCommand command) {
        var head = connection.openLiteral(command);
        if (head != null) {
            return new LiteralStream(connection, command, head.literal());
        }
        command.throwUnlessOk();
        return new LiteralStream(command.octets());
    }

    @Override
    public OptionalLong decodedSize(long uid, String partId) {
        if (!capabilities().binary()) {
            return OptionalLong.empty();
        }
        var command = new DecodedSizeCommand(uid, Section.part(partId));
        connection.exchange(List.of(command));
        if (command.misunderstood()) {
            connection.giveUp(RefusedCapabilities.BINARY);
        }
        return command.ok() ? command.size() : OptionalLong.empty();
    }

    @Override
    public List<FetchedMessage> store(UidSet uids, FlagChange change) {
        if (uids.isEmpty()) {
            return List.of();
        }
        var add =
                change.added().isEmpty()
                        ? null
                        : store(uids, StoreCommand.Action.ADD, change.added(), null);
        var remove =
                change.removed().isEmpty()
                        ? null
                        : store(uids, StoreCommand.Action.REMOVE, change.removed(), null);
        var after =
                new FetchCommand(
                        FetchRequest.uids(uids, FetchItems.of(FLAG_ITEMS)), capabilities());
        // Courier shows messages that another client has removed until it has reported the removal.
        connection.exchange(ClientConnection.commands(SimpleCommand.noop(), add, remove, after));
        return stored(uids, after, ClientConnection.commands(add, remove));
    }

    private static StoreCommand store(
            UidSet uids,
            StoreCommand.Action action,
            Collection<Flag> flags,
            @Nullable Long unchangedSince) {
        return new StoreCommand(uids, action, flags, unchangedSince);
    }

    @Override
    public List<FetchedMessage> store(UidSet uids, FlagChange change, long unchangedSince) {
        if (!capabilities().unchangedSince()) {
            return storeUnchanged(uids, change, unchangedSince);
        }
        if (!change.added().isEmpty() && !change.removed().isEmpty()) {
            // The first conditional STORE would make the second one fail, so that all flags are set
            // by one.
            return replace(uids, change, unchangedSince);
        }
        var store =
                change.removed().isEmpty()
                        ? store(uids, StoreCommand.Action.ADD, change.added(), unchangedSince)
                        : store(uids, StoreCommand.Action.REMOVE, change.removed(), unchangedSince);
        var after =
                new FetchCommand(
                        FetchRequest.uids(uids, FetchItems.of(FLAG_ITEMS)), capabilities());
        connection.exchange(List.of(SimpleCommand.noop(), store, after));
        return store.misunderstood() && connection.usable()
                ? withoutCondition(uids, change, unchangedSince)
                : stored(uids, after, List.of(store));
    }

    /** For a server that announced UNCHANGEDSINCE but does not support it. */
    private List<FetchedMessage> withoutCondition(
            UidSet uids, FlagChange change, long unchangedSince) {
        var messages = storeUnchanged(uids, change, unchangedSince);
        connection.giveUp(RefusedCapabilities.UNCHANGEDSINCE);
        return messages;
    }

    /**
     * Checks whether the messages were changed, then stores; changes of others in between are
     * overlooked.
     */
    private List<FetchedMessage> storeUnchanged(
            UidSet uids, FlagChange change, long unchangedSince) {
        var _ = unchanged(uids, unchangedSince);
        return store(uids, change);
    }

    private List<FetchedMessage> unchanged(UidSet uids, long since) {
        var messages = fetch(uids, FetchItems.of(FLAG_ITEMS));
        if (messages.stream().anyMatch(m -> m.modSeq() == null || m.modSeq() > since)) {
            throw new ImapException.MessageModified(null);
        }
        return messages;
    }

    /**
     * The new flags. A STORE refused because all of its messages were expunged is not a failure.
     */
    private List<FetchedMessage> stored(
            UidSet uids, FetchCommand after, List<? extends Command> stores) {
        boolean gone = after.ok() && after.found().isEmpty();
        for (var store : stores) {
            if (!gone || store.hasCode("MODIFIED")) {
                store.throwUnlessOk();
            }
        }
        return connection.fetchExtras().suspect(List.of(after)) == null
                ? answer(after, state().messages())
                : fetch(uids, FetchItems.of(FLAG_ITEMS));
    }

    private List<FetchedMessage> replace(UidSet uids, FlagChange change, long unchangedSince) {
        for (var message : unchanged(uids, unchangedSince)) {
            var flags = new java.util.HashSet<>(Objects.requireNonNull(message.flags()));
            flags.remove(Flag.RECENT);
            flags.addAll(change.added());
            flags.removeAll(change.removed());
            var one = UidSet.of(message.uid());
            var store = store(one, StoreCommand.Action.REPLACE, flags, unchangedSince);
            connection.exchange(List.of(store));
            if (store.misunderstood() && connection.usable()) {
                return withoutCondition(uids, change, unchangedSince);
            }
            store.throwUnlessOk();
        }
        return fetch(uids, FetchItems.of(FLAG_ITEMS));
    }

    @Override
    public Copied copy(UidSet uids, MailboxName destination) {
        if (uids.isEmpty()) {
            return Copied.UNKNOWN;
        }
        var command = CopyCommand.copy(uids, destination);
        connection.run(command);
        return command.copied();
    }

    @Override
    public Copied move(UidSet uids, MailboxName destination) {
        if (uids.isEmpty()) {
            return Copied.UNKNOWN;
        }
        if (capabilities().move()) {
            var command = CopyCommand.move(uids, destination);
            connection.exchange(List.of(command));
            if (!command.misunderstood()) {
                command.throwUnlessOk();
                return command.copied();
            }
            // The server did not understand the command, so that nothing was moved.
            connection.giveUp(RefusedCapabilities.MOVE);
        }
        var copied = copy(uids, destination);
        try {
            expunge(uids);
        } catch (ImapException e) {
            throw copiedOnly(e);
        }
        return copied;
    }

    /** The failure of a move after the copy was made; unknown when the connection was lost. */
    static ImapException copiedOnly(ImapException reason) {
        return switch (reason) {
            case ImapException.OutcomeUnknown _ -> reason;
            case ImapException.ConnectionLost _, ImapException.ServerTimedOut _ ->
                    new ImapException.OutcomeUnknown(reason);
            default ->
                    new ImapException.NotPossible(
                            "the message was copied, but not removed where it was: "
                                    + reason.getMessage(),
                            reason.responseCode());
        };
    }

    @Override
    public void expunge(UidSet uids) {
        if (uids.isEmpty()) {
            return;
        }
        if (!capabilities().uidPlus()) {
            new ExpungeWithoutUidPlus(connection, uids).run();
            return;
        }
        new UidExpunge(connection, uids).run().throwUnlessDone();
    }

    @Override
    public List<MessageOutcome> apply(UidSet uids, BulkChange change) {
        return new BulkChanges(connection, this).apply(uids, change);
    }

    @Override
    public Appended replace(
            long uid,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        return connection.append(
                AppendCommand.replace(uid, name(), flags, internalDate, octets), message);
    }

    @Override
    public ThreadedUids thread() {
        var command = new ThreadCommand();
        connection.exchange(List.of(command));
        switch (command.failure()) {
            case ImapException.NotPossible _, ImapException.ProtocolError _ ->
                    throw withoutThreads(command.code());
            case null -> {}
            default -> command.throwUnlessOk();
        }
        if (!command.answered() && selection.state().messages() > 0) {
            throw withoutThreads(null);
        }
        return command.threads();
    }

    private ImapException withoutThreads(@Nullable ResponseCode code) {
        connection.giveUp(RefusedCapabilities.THREAD_REFS);
        return new ImapException.NotPossible("the mail server finds no threads", code);
    }

    @Override
    public UidSet search(SearchTerm term) {
        var found = find(term, null).uids();
        if (!found.isEmpty()) {
            selection.uidSeen(found.ranges().getLast().last());
        }
        return found;
    }

    @Override
    public SortedUids sort(SearchTerm term, SortKey key) {
        return find(term, key).sorted();
    }

    /** Searches again when Dovecot reports new messages only after the search that missed them. */
    private SearchPlan find(SearchTerm term, @Nullable SortKey key) {
        var look = new NoopBeforeSearch(selection);
        var found = find(look, term, key);
        return look.missedSome() ? find(new NoopBeforeSearch(selection), term, key) : found;
    }

    private SearchPlan find(NoopBeforeSearch look, SearchTerm term, @Nullable SortKey key) {
        var finding = SearchPlan.of(term, key, connection.searchGrammar(), capabilities());
        var commands = new ArrayList<Command>();
        commands.add(look);
        commands.addAll(finding.commands());
        connection.exchangeInFlushes(commands);
        look.throwUnlessOk();
        for (var next = finding.next(); next != null; next = finding.next()) {
            finding = next;
            connection.exchangeInFlushes(finding.commands());
        }
        finding.without().forEach(connection::giveUp);
        if (key != null && finding.refusesToSort()) {
            RefusedCapabilities.sorting(key).forEach(connection::giveUp);
        }
        var failure = finding.failure();
        if (failure != null) {
            throw failure;
        }
        return finding;
    }

    /** Does nothing: the mailbox stays selected, for the next borrower of the connection. */
    @Override
    public void close() {}
}
