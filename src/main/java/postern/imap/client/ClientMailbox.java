package postern.imap.client;

import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import postern.imap.client.command.StreamCommand;
import postern.imap.client.command.ThreadCommand;
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

    private final CommandChannel channel;
    private final SelectionState selection;

    ClientMailbox(CommandChannel channel, SelectionState selection) {
        this.channel = channel;
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
        return channel.capabilities();
    }

    @Override
    public AccountTag accountTag() {
        return channel.state().accountTag();
    }

    @Override
    public List<List<FetchedMessage>> fetch(List<FetchRequest> requests, FetchListener listener) {
        return new FetchFlush(channel, selection).fetch(requests, listener);
    }

    /** Records that this connection has seen the message. */
    void uidSeen(long uid) {
        selection.uidSeen(uid);
    }

    @Override
    public SectionStream open(long uid, SectionRange range) {
        var command = new StreamCommand(uid, "BODY.PEEK" + FetchCommand.wire(range));
        return new StandInMessages(channel).confirmed(uid, LiteralStream.open(channel, command));
    }

    @Override
    public SectionStream openDecoded(long uid, SectionRange range) {
        var command = new StreamCommand(uid, "BINARY.PEEK" + FetchCommand.wire(range));
        try {
            return LiteralStream.open(channel, command);
        } catch (ImapException.ProtocolError | ImapException.NotPossible e) {
            if (!channel.usable() || !command.ended()) {
                throw e;
            }
            if (command.misunderstood() && isThere(uid, range.section())) {
                channel.giveUp(RefusedCapabilities.BINARY);
            }
            throw new ImapException.UnknownEncoding(e.responseCode());
        }
    }

    @Override
    public OptionalLong decodedSize(long uid, String partId) {
        if (!capabilities().binary()) {
            return OptionalLong.empty();
        }
        var command = new DecodedSizeCommand(uid, Section.part(partId));
        channel.exchange(List.of(command));
        if (command.misunderstood() && isThere(uid, Section.part(partId))) {
            channel.giveUp(RefusedCapabilities.BINARY);
        }
        return command.ok() ? command.size() : OptionalLong.empty();
    }

    /** Whether the server sends the section, so that BINARY is what it did not understand. */
    private boolean isThere(long uid, Section section) {
        if (!channel.usable()) {
            return false;
        }
        try (var _ = open(uid, SectionRange.first(section, 1))) {
            return true;
        } catch (ImapException _) {
            return false; // if the connection is lost, the next command says so
        }
    }

    @Override
    public List<FetchedMessage> store(UidSet uids, FlagChange change) {
        return uids.isEmpty()
                ? List.of()
                : new FlagStore(channel, selection, this).store(uids, change);
    }

    @Override
    public List<FetchedMessage> store(UidSet uids, FlagChange change, long unchangedSince) {
        return new FlagStore(channel, selection, this)
                .storeIfUnchanged(uids, change, unchangedSince);
    }

    @Override
    public Copied copy(UidSet uids, MailboxName destination) {
        if (uids.isEmpty()) {
            return Copied.UNKNOWN;
        }
        var command = CopyCommand.copy(uids, destination);
        channel.run(command);
        return command.copied();
    }

    @Override
    public Copied move(UidSet uids, MailboxName destination) {
        if (uids.isEmpty()) {
            return Copied.UNKNOWN;
        }
        boolean announced = capabilities().move();
        if (announced) {
            var command = CopyCommand.move(uids, destination);
            channel.exchange(List.of(command));
            if (!command.misunderstood()) {
                command.throwUnlessOk();
                return command.copied();
            }
            // The server did not understand the command, so that nothing was moved.
        }
        var copied = copy(uids, destination);
        if (announced) {
            channel.giveUp(RefusedCapabilities.MOVE); // it understands the destination
        }
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
            new ExpungeWithoutUidPlus(channel, uids).run();
            return;
        }
        new UidExpunge(channel, uids).run().throwUnlessDone();
    }

    @Override
    public List<MessageOutcome> apply(UidSet uids, BulkChange change) {
        return new BulkChanges(channel, this).apply(uids, change);
    }

    @Override
    public Appended replace(
            long uid,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        return new MessageUpload(channel)
                .send(AppendCommand.replace(uid, name(), flags, internalDate, octets), message);
    }

    @Override
    public ThreadedUids thread() {
        var command = new ThreadCommand();
        channel.exchange(List.of(command));
        if (command.refusedAsSuch()) {
            throw withoutThreads(command);
        }
        command.throwUnlessOk();
        if (!command.answered() && selection.state().messages() > 0) {
            throw withoutThreads(command);
        }
        return command.threads();
    }

    /** A NO may be about this mailbox alone. */
    private ImapException withoutThreads(ThreadCommand command) {
        if (channel.usable() && (command.misunderstood() || !command.refused())) {
            channel.giveUp(RefusedCapabilities.THREAD_REFS);
        }
        return new ImapException.NotPossible("the mail server finds no threads", command.code());
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

    /** Searches again when Dovecot reports only after the search what it has missed. */
    private SearchPlan find(SearchTerm term, @Nullable SortKey key) {
        var noop = new NoopBeforeSearch(selection);
        var plan = find(noop, term, key);
        return noop.missedChanges() ? find(new NoopBeforeSearch(selection), term, key) : plan;
    }

    private SearchPlan find(NoopBeforeSearch noop, SearchTerm term, @Nullable SortKey key) {
        var plan = SearchPlan.of(term, key, channel.state().searchGrammar(), capabilities());
        var groups = groups(plan);
        groups.getFirst().addFirst(noop);
        channel.exchangeInFlushes(groups);
        noop.throwUnlessOk();
        for (var next = plan.next(); next != null; next = plan.next()) {
            plan = next;
            channel.exchangeInFlushes(groups(plan));
        }
        plan.without().forEach(channel::giveUp);
        if (key != null && plan.refusesToSort() && channel.usable()) {
            RefusedCapabilities.sorting(key).forEach(channel::giveUp);
        }
        var failure = plan.failure();
        if (failure != null) {
            throw failure;
        }
        return plan;
    }

    /** Each search may be sent in a flush of its own. */
    private static List<List<Command>> groups(SearchPlan plan) {
        var groups = new ArrayList<List<Command>>();
        plan.commands().forEach(search -> groups.add(new ArrayList<>(List.of(search))));
        return groups;
    }

    /** Does nothing: the mailbox stays selected, for the next borrower of the connection. */
    @Override
    public void close() {}
}
