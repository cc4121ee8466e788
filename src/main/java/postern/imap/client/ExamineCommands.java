package postern.imap.client;

import java.util.ArrayList;
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
import postern.imap.client.command.FetchExtras;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SearchGrammar;
import postern.imap.client.command.SearchPlan;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.command.SelectionState;
import postern.imap.client.wire.CommandLine;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/** The commands for one mailbox in a flush for many: EXAMINE and the commands after it. */
final class ExamineCommands {

    private final ExamineRequest visit;
    private final SelectCommand examine;
    private final @Nullable SearchPlan finding;
    private final List<FetchCommand> fetches;

    /**
     * The capabilities that the server has refused in this mailbox; the last one caused this
     * repetition.
     */
    private final List<String> without;

    /** Throws NotPossible when this server does not support the search. */
    ExamineCommands(ExamineRequest visit, SearchGrammar grammar, Capabilities capabilities) {
        this(visit, finding(visit, grammar, capabilities), capabilities, List.of());
    }

    private ExamineCommands(
            ExamineRequest visit,
            @Nullable SearchPlan finding,
            Capabilities capabilities,
            List<String> without) {
        var with = capabilities.without(without);
        this.visit = visit;
        this.finding = finding;
        this.without = without;
        examine = new SelectCommand(visit.mailbox(), Access.READ_ONLY, with);
        fetches = visit.fetches().stream().map(request -> new FetchCommand(request, with)).toList();
    }

    private static @Nullable SearchPlan finding(
            ExamineRequest visit, SearchGrammar grammar, Capabilities capabilities) {
        var term = visit.search();
        return term == null ? null : SearchPlan.of(term, visit.order(), grammar, capabilities);
    }

    List<Command> commands() {
        var commands = ClientConnection.commands(examine);
        if (finding != null) {
            commands.addAll(finding.commands());
        }
        commands.addAll(fetches);
        return commands;
    }

    /** The number of times that the server has to search the mailbox, for the timeout. */
    int searches() {
        return finding == null ? 1 : finding.commands().size();
    }

    /** The commands to send instead when the server refused these; null when there are none. */
    @Nullable ExamineCommands again(Capabilities capabilities, FetchExtras extras) {
        extras.noteAnswered(fetches);
        boolean conditional = capabilities.without(without).condStore();
        if (conditional && examine.misunderstood()) {
            var same = finding == null ? null : finding.again();
            return again(same, capabilities, RefusedCapabilities.CONDSTORE);
        }
        if (examine.failure() != null) {
            return null;
        }
        var next = finding == null ? null : finding.next();
        if (next != null) {
            return new ExamineCommands(visit, next, capabilities, without);
        }
        var suspect = extras.suspect(fetches);
        return suspect == null
                ? null
                : again(finding == null ? null : finding.again(), capabilities, suspect);
    }

    private ExamineCommands again(
            @Nullable SearchPlan finding, Capabilities capabilities, String refused) {
        var less = Stream.concat(without.stream(), Stream.of(refused)).toList();
        return new ExamineCommands(visit, finding, capabilities, less);
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
        if (finding != null) {
            refused.addAll(
                    finding.refusesToSort()
                            ? RefusedCapabilities.sorting(Objects.requireNonNull(visit.order()))
                            : finding.without());
        }
        return refused;
    }

    /** The mailbox, if the server refused to open it without a reason. */
    Optional<MailboxName> refusedWithoutReason() {
        return examine.failure() instanceof ImapException.NotPossible
                ? Optional.of(visit.mailbox())
                : Optional.empty();
    }

    int octets(Capabilities capabilities) {
        int octets = 0;
        for (var command : commands()) {
            var line = new CommandLine(capabilities);
            command.write(line);
            octets += line.octets().length;
        }
        return octets;
    }

    /**
     * When the EXAMINE fails, the commands after it fail as well; the outcome then has its reason.
     */
    MailboxOutcome<ExaminedMailbox> outcome(ClientConnection connection) {
        var mailbox = visit.mailbox();
        var failure = failure();
        if (failure != null) {
            return new MailboxOutcome.Refused<>(mailbox, failure);
        }
        try {
            examine.selection().throwUnlessCounted();
            var fetched = fetched(connection);
            var order = visit.order();
            var found = finding == null || order != null ? UidSet.EMPTY : finding.uids();
            var sorted = finding == null ? SortedUids.EMPTY : finding.sorted();
            return new MailboxOutcome.Done<>(
                    mailbox,
                    new ExaminedMailbox(examine.selection().state(), found, sorted, fetched));
        } catch (ImapException e) {
            if (!connection.usable()) {
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
        return finding == null ? null : finding.failure();
    }

    private List<List<FetchedMessage>> fetched(ClientConnection connection) {
        var answers = new ArrayList<List<FetchedMessage>>();
        for (var fetch : fetches) {
            answers.add(answer(connection, fetch));
        }
        return answers;
    }

    /** Fetches again what could not be parsed, for which the mailbox must be selected again. */
    private List<FetchedMessage> answer(ClientConnection connection, FetchCommand fetch) {
        var extras = connection.fetchExtras();
        boolean whole =
                fetch.found().stream()
                        .allMatch(it -> fetch.whole(it) && fetch.tellsFields(it, extras));
        var selection = whole ? examine.selection() : reopened(connection);
        return new ClientMailbox(connection, selection).answer(fetch, selection.state().messages());
    }

    private SelectionState reopened(ClientConnection connection) {
        MailboxName mailbox = visit.mailbox();
        long before = examine.selection().state().uidValidity();
        connection.select(mailbox, Access.READ_ONLY).requireUidValidity(before);
        return Objects.requireNonNull(connection.selection());
    }
}
