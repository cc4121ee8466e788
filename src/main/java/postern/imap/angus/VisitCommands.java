package postern.imap.angus;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    private boolean withoutCondStore;

    /** Throws NotPossible when this server has no such search. */
    VisitCommands(MailboxVisit visit, SearchGrammar grammar, Capabilities capabilities) {
        this(visit, finding(visit, grammar, capabilities), capabilities);
    }

    private VisitCommands(
            MailboxVisit visit, @Nullable Finding finding, Capabilities capabilities) {
        this.visit = visit;
        this.finding = finding;
        examine = new SelectCommand(visit.mailbox(), Access.READ_ONLY, capabilities);
        fetches =
                visit.fetches().stream()
                        .map(request -> new FetchCommand(request, capabilities))
                        .toList();
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
    @Nullable VisitCommands again(Capabilities capabilities) {
        if (capabilities.condStore() && !withoutCondStore && examine.misunderstood()) {
            var without = capabilities.without(RefusedCapabilities.CONDSTORE);
            var again = new VisitCommands(visit, finding == null ? null : finding.again(), without);
            again.withoutCondStore = true;
            return again;
        }
        var next = finding == null || examine.failure() != null ? null : finding.next();
        if (next == null) {
            return null;
        }
        var with =
                withoutCondStore
                        ? capabilities.without(RefusedCapabilities.CONDSTORE)
                        : capabilities;
        var again = new VisitCommands(visit, next, with);
        again.withoutCondStore = withoutCondStore;
        return again;
    }

    /** What it turned out that this server does not do, although it announced it. */
    Set<String> refused() {
        if (finding == null || !examine.ok()) {
            return Set.of();
        }
        return finding.refusesToSort()
                ? RefusedCapabilities.sorting(Objects.requireNonNull(visit.order()))
                : finding.without();
    }

    /** Whether the server opened the mailbox only when it was not asked for mod-sequences. */
    boolean withoutCondStore() {
        return withoutCondStore && examine.ok();
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
        boolean whole = fetch.found().stream().allMatch(fetch::whole);
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
