package postern.imap.angus;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.FetchItems;
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
    private final @Nullable SearchCommand search;
    private final @Nullable SortCommand sort;
    private final List<FetchCommand> fetches;

    /** Throws NotPossible when this server has no such search. */
    VisitCommands(MailboxVisit visit, Capabilities capabilities) {
        this(visit, capabilities, SearchCharset.UTF_8);
    }

    private VisitCommands(MailboxVisit visit, Capabilities capabilities, SearchCharset charset) {
        this.visit = visit;
        examine = new SelectCommand(visit.mailbox(), Access.READ_ONLY, capabilities);
        var term = visit.search();
        if (term != null) {
            SearchKeys.requireAll(term, capabilities);
        }
        var order = visit.order();
        search =
                term == null || order != null
                        ? null
                        : new SearchCommand(term, capabilities, charset);
        sort =
                term == null || order == null
                        ? null
                        : new SortCommand(term, order, capabilities, charset);
        fetches =
                visit.fetches().stream()
                        .map(request -> new FetchCommand(request, capabilities))
                        .toList();
    }

    List<Command> commands() {
        var commands = AngusConnection.commands(examine, search, sort);
        commands.addAll(fetches);
        return commands;
    }

    /** The same once more in a charset that the server takes, when that is what it refused. */
    @Nullable VisitCommands again(Capabilities capabilities) {
        var finding = search != null ? search : sort;
        var other = finding == null ? null : finding.otherCharset();
        return other == null ? null : new VisitCommands(visit, capabilities, other);
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
            var fetched = fetched(connection);
            var found = search == null ? UidSet.EMPTY : search.uids();
            var sorted = sort == null ? SortedUids.EMPTY : sort.uids();
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
        return search != null ? search.failure() : sort != null ? sort.failure() : null;
    }

    private List<List<FetchedMessage>> fetched(AngusConnection connection) {
        var answers = new ArrayList<List<FetchedMessage>>();
        for (int i = 0; i < fetches.size(); i++) {
            answers.add(answer(connection, fetches.get(i), visit.fetches().get(i).items()));
        }
        return answers;
    }

    /** What cannot be read is asked for once more, for which the mailbox must be open again. */
    private List<FetchedMessage> answer(
            AngusConnection connection, FetchCommand fetch, FetchItems items) {
        boolean broken = fetch.found().stream().anyMatch(FetchParser::broken);
        var selection = broken ? reopened(connection) : examine.selection();
        return new AngusMailbox(connection, selection).answer(fetch, items);
    }

    private Selection reopened(AngusConnection connection) {
        MailboxName mailbox = visit.mailbox();
        long before = examine.selection().state().uidValidity();
        connection.select(mailbox, Access.READ_ONLY).requireUidValidity(before);
        return Objects.requireNonNull(connection.selection());
    }
}
