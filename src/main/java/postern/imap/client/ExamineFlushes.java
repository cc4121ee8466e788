package postern.imap.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;

/** EXAMINE of many mailboxes, each with its commands, in few flushes. */
final class ExamineFlushes {

    private final CommandChannel channel;
    private final MailboxListing listing;
    private final MailboxOpener opener;

    ExamineFlushes(CommandChannel channel, MailboxListing listing, MailboxOpener opener) {
        this.channel = channel;
        this.listing = listing;
        this.opener = opener;
    }

    List<MailboxOutcome<ExaminedMailbox>> outcomes(List<ExamineRequest> requests) {
        var outcomes = new ArrayList<MailboxOutcome<ExaminedMailbox>>();
        var unexplained = new HashSet<MailboxName>();
        for (int from = 0; from < requests.size(); ) {
            var flush = flush(requests.subList(from, requests.size()));
            from += flush.size();
            for (var sent = flush; !sent.isEmpty(); sent = repetitions(flush)) {
                channel.exchangeInFlushes(sent.stream().map(ExamineCommands::commands).toList());
            }
            for (var commands : flush) {
                commands.refused().forEach(channel::giveUp);
                outcomes.add(commands.outcome(channel, opener));
                commands.refusedWithoutReason().ifPresent(unexplained::add);
            }
        }
        return unexplained.isEmpty() ? outcomes : explained(outcomes, unexplained);
    }

    /** The commands of the first requests, for one flush. */
    private List<ExamineCommands> flush(List<ExamineRequest> requests) {
        var flush = new ArrayList<ExamineCommands>();
        int octets = 0;
        for (var request : requests) {
            if (octets >= CommandChannel.FLUSH_OCTETS) {
                break;
            }
            var commands = new ExamineCommands(request, channel.state());
            octets += channel.octets(commands.commands());
            flush.add(commands);
        }
        return flush;
    }

    /** Replaces the commands that have to be repeated, and returns the new ones. */
    private List<ExamineCommands> repetitions(List<ExamineCommands> flush) {
        var repetitions = new ArrayList<ExamineCommands>();
        flush.replaceAll(commands -> {
            var repetition = commands.repetition(channel.state());
            if (repetition == null) {
                return commands;
            }
            repetitions.add(repetition);
            return repetition;
        });
        return repetitions;
    }

    /**
     * Replaces the outcome of mailboxes that were refused without a reason and that do not exist.
     */
    private List<MailboxOutcome<ExaminedMailbox>> explained(
            List<MailboxOutcome<ExaminedMailbox>> outcomes, Set<MailboxName> unexplained) {
        var selectable = listing.selectable();
        if (selectable != null) {
            unexplained.removeAll(selectable);
            outcomes.replaceAll(it ->
                    unexplained.contains(it.mailbox())
                            ? new MailboxOutcome.Refused<>(
                                    it.mailbox(), new ImapException.MailboxNotFound(null))
                            : it);
        }
        return outcomes;
    }
}
