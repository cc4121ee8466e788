package postern.imap.angus;

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
import postern.imap.FetchedMessage;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxVisit;
import postern.imap.Outcome;
import postern.imap.SortedUids;
import postern.imap.UidSet;
import postern.imap.VisitedMailbox;

/** The commands of one mailbox in a flush of many: EXAMINE, and what needs it. */
final class VisitCommands {

    private final MailboxVisit visit;
    private final SelectCommand examine;
    private final @Nullable Finding finding;
    private final List<FetchCommand> fetches;

    /** What the server was seen to refuse in this mailbox; the last one is why it was repeated. */
    private final List<String> without;

    /** Throws NotPossible when this server has no such search. */
    VisitCommands(MailboxVisit visit, SearchGrammar grammar, Capabilities capabilities) {
        this(visit, finding(visit, grammar, capabilities), capabilities, List.of());
    }

    private VisitCommands(
            MailboxVisit visit,
            @Nullable Finding finding,
            Capabilities capabilities,
            List<String> without) {
        var with = capabilities.without(without);
        this.visit = visit;
        this.finding = finding;
        this.without = without;
        examine = new SelectCommand(visit.mailbox(), Access.READ_ONLY, with);
        fetches = visit.fetches().stream().map(request -> new FetchCommand(request, with)).toList();
    }

    private static @Nullable Finding finding(
            MailboxVisit visit, SearchGrammar grammar, Capabilities capabilities) {
        var term = visit.search();
        return term == null ? null : Finding.of(term, visit.order(), grammar, capabilities);
    }

    List<Command> commands() {
        var commands = AngusConnection.commands(examine);
        if (finding != null) {
            commands.addAll(finding.commands());
        }
        commands.addAll(fetches);
        return commands;
    }

    /** How many times the server has to look through the mailbox. */
    int searches() {
        return finding == null ? 1 : finding.commands().size();
    }

    /** The same once more in a way that the server takes, when it refused this one. */
    @Nullable VisitCommands again(Capabilities capabilities, FetchExtras extras) {
        extras.learn(fetches);
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
            return new VisitCommands(visit, next, capabilities, without);
        }
        var suspect = extras.suspect(fetches);
        return suspect == null
                ? null
                : again(finding == null ? null : finding.again(), capabilities, suspect);
    }

    private VisitCommands again(
            @Nullable Finding finding, Capabilities capabilities, String refused) {
        var less = Stream.concat(without.stream(), Stream.of(refused)).toList();
        return new VisitCommands(visit, finding, capabilities, less);
    }

    /** What it turned out that this server does not do, although it announced it. */
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

    /** The mailbox when it was not opened, and the server did not say why. */
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

    /** A command without its mailbox is refused as well; then the EXAMINE says why. */
    Outcome<VisitedMailbox> outcome(AngusConnection connection) {
        var mailbox = visit.mailbox();
        var failure = failure();
        if (failure != null) {
            return new Outcome.Refused<>(mailbox, failure);
        }
        try {
            examine.selection().throwUnlessCounted();
            var fetched = fetched(connection);
            var order = visit.order();
            var found = finding == null || order != null ? UidSet.EMPTY : finding.uids();
            var sorted = finding == null ? SortedUids.EMPTY : finding.sorted();
            return new Outcome.Done<>(
                    mailbox,
                    new VisitedMailbox(examine.selection().state(), found, sorted, fetched));
        } catch (ImapException e) {
            if (!connection.usable()) {
                throw e;
            }
            return new Outcome.Refused<>(mailbox, e);
        }
    }

    private @Nullable ImapException failure() {
        var failure = examine.failure();
        if (failure != null) {
            return failure;
        }
        return finding == null ? null : finding.failure();
    }

    private List<List<FetchedMessage>> fetched(AngusConnection connection) {
        var answers = new ArrayList<List<FetchedMessage>>();
        for (var fetch : fetches) {
            answers.add(answer(connection, fetch));
        }
        return answers;
    }

    /** What cannot be read is asked for once more, for which the mailbox must be open again. */
    private List<FetchedMessage> answer(AngusConnection connection, FetchCommand fetch) {
        var extras = connection.fetchExtras();
        boolean whole =
                fetch.found().stream()
                        .allMatch(it -> fetch.whole(it) && fetch.tellsFields(it, extras));
        var selection = whole ? examine.selection() : reopened(connection);
        return new AngusMailbox(connection, selection).answer(fetch, selection.state().messages());
    }

    private Selection reopened(AngusConnection connection) {
        MailboxName mailbox = visit.mailbox();
        long before = examine.selection().state().uidValidity();
        connection.select(mailbox, Access.READ_ONLY).requireUidValidity(before);
        return Objects.requireNonNull(connection.selection());
    }
}
