package postern.imap.client;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.client.command.Command;
import postern.imap.client.command.FetchCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SearchPlan;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.command.SelectionState;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/** The commands for one mailbox in a flush for many: EXAMINE and the commands after it. */
final class ExamineCommands {

    private final ExamineRequest request;
    private final SelectCommand examine;
    private final @Nullable SearchPlan search;
    private final List<FetchCommand> fetches;

    /**
     * The capabilities that the server has refused in this mailbox; the last one caused this
     * repetition.
     */
    private final List<String> without;

    /** Throws NotPossible when this server does not support the search. */
    ExamineCommands(ExamineRequest request, ConnectionState state) {
        this(request, search(request, state), state.capabilities(), List.of());
    }

    private ExamineCommands(
            ExamineRequest request,
            @Nullable SearchPlan search,
            Capabilities capabilities,
            List<String> without) {
        var with = capabilities.without(without);
        this.request = request;
        this.search = search;
        this.without = without;
        examine = new SelectCommand(request.mailbox(), Access.READ_ONLY, with);
        fetches = request.fetches().stream().map(it -> new FetchCommand(it, with)).toList();
    }

    private static @Nullable SearchPlan search(ExamineRequest request, ConnectionState state) {
        var term = request.search();
        return term == null
                ? null
                : SearchPlan.of(term, request.order(), state.searchGrammar(), state.capabilities());
    }

    List<Command> commands() {
        var commands = CommandChannel.commands(examine);
        if (search != null) {
            commands.addAll(search.commands());
        }
        commands.addAll(fetches);
        return commands;
    }

    /** The commands to send instead when the server refused these; null when there are none. */
    @Nullable ExamineCommands repetition(ConnectionState state) {
        var capabilities = state.capabilities();
        var extras = state.fetchExtras();
        extras.noteSupported(fetches);
        if (capabilities.without(without).condStore() && examine.misunderstood()) {
            return without(RefusedCapabilities.CONDSTORE, capabilities);
        }
        if (examine.failure() != null) {
            return null;
        }
        var next = search == null ? null : search.next();
        if (next != null) {
            return new ExamineCommands(request, next, capabilities, without);
        }
        var suspect = extras.suspect(fetches);
        return suspect == null ? null : without(suspect, capabilities);
    }

    private ExamineCommands without(String refused, Capabilities capabilities) {
        var allRefused = Stream.concat(without.stream(), Stream.of(refused)).toList();
        var sameSearch = search == null ? null : search.repetition();
        return new ExamineCommands(request, sameSearch, capabilities, allRefused);
    }

    /** The capabilities that the server announced but does not support, as found out here. */
    Set<String> refused() {
        if (!examine.ok()) {
            return Set.of();
        }
        var refused = new HashSet<String>();
        if (without.contains(RefusedCapabilities.CONDSTORE)) {
            refused.add(RefusedCapabilities.CONDSTORE);
        }
        if (!without.isEmpty() && fetches.stream().allMatch(Command::ok)) {
            refused.add(without.getLast());
        }
        if (search != null) {
            refused.addAll(
                    search.refusesToSort()
                            ? RefusedCapabilities.sorting(Objects.requireNonNull(request.order()))
                            : search.without());
        }
        return refused;
    }

    /** The mailbox, if the server refused to open it without a reason. */
    Optional<MailboxName> refusedWithoutReason() {
        return examine.failure() instanceof ImapException.NotPossible
                ? Optional.of(request.mailbox())
                : Optional.empty();
    }

    /**
     * When the EXAMINE fails, the commands after it fail as well; the outcome then has its reason.
     */
    MailboxOutcome<ExaminedMailbox> outcome(CommandChannel channel, MailboxOpener opener) {
        var mailbox = request.mailbox();
        var failure = failure();
        if (failure != null) {
            return new MailboxOutcome.Refused<>(mailbox, failure);
        }
        try {
            examine.selection().throwUnlessCounted();
            var fetched = fetches.stream().map(fetch -> fetched(channel, opener, fetch)).toList();
            var order = request.order();
            var found = search == null || order != null ? UidSet.EMPTY : search.uids();
            var sorted = search == null ? SortedUids.EMPTY : search.sorted();
            return new MailboxOutcome.Done<>(
                    mailbox,
                    new ExaminedMailbox(examine.selection().state(), found, sorted, fetched));
        } catch (ImapException e) {
            if (!channel.usable()) {
                throw e;
            }
            return new MailboxOutcome.Refused<>(mailbox, e);
        }
    }

    private @Nullable ImapException failure() {
        var failure = examine.failure();
        if (failure != null) {
            return failure;
        }
        return search == null ? null : search.failure();
    }

    /** Fetches again what could not be parsed, for which the mailbox must be selected again. */
    private List<FetchedMessage> fetched(
            CommandChannel channel, MailboxOpener opener, FetchCommand fetch) {
        var extras = channel.state().fetchExtras();
        boolean whole =
                fetch.found().stream()
                        .allMatch(it -> fetch.isComplete(it) && fetch.hasHeaderFields(it, extras));
        var selection = whole ? examine.selection() : reopened(opener);
        return FetchAnswer.of(channel, selection, fetch, selection.state().messages());
    }

    private SelectionState reopened(MailboxOpener opener) {
        var selection = opener.select(request.mailbox(), Access.READ_ONLY);
        if (selection.state().uidValidity() != examine.selection().state().uidValidity()) {
            throw new ImapException.MailboxReset();
        }
        return selection;
    }
}
