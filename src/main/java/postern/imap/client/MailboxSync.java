package postern.imap.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.SelectedState;
import postern.imap.SyncRequest;
import postern.imap.SyncedMailbox;
import postern.imap.client.command.Command;
import postern.imap.client.command.EnableCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.command.SyncFetchCommand;
import postern.imap.message.MessageFlags;
import postern.imap.message.UidSet;

/**
 * EXAMINE of a mailbox and what is asked of its messages, in one flush. It is repeated without an
 * extension that the server announced but refuses.
 *
 * <p>The mailbox is opened even if it is selected already: the counters of an open mailbox are not
 * told again, and HIGHESTMODSEQ must be older than what is read of the messages.
 */
final class MailboxSync {

    private static final int MOST_TRIES = 3;

    private final CommandChannel channel;
    private final MailboxListing listing;
    private final MailboxName mailbox;
    private final SyncRequest request;

    /** The commands of one flush; those that are not needed are null. */
    private record Flush(
            @Nullable EnableCommand enable,
            SelectCommand select,
            @Nullable SyncFetchCommand known,
            @Nullable SyncFetchCommand added,
            @Nullable SyncFetchCommand witnesses,
            boolean asksVanished) {

        boolean modSeqsMisunderstood() {
            return select.misunderstood() || fetchMisunderstood();
        }

        /**
         * Whether a FETCH was misunderstood for what it asks. Without a selected mailbox every
         * FETCH is, and in a mailbox without messages FETCH 1.
         */
        private boolean fetchMisunderstood() {
            return hasMessages()
                    && (misunderstood(known) || misunderstood(added) || misunderstood(witnesses));
        }

        private boolean hasMessages() {
            return select.ok() && select.selection().state().messages() > 0;
        }

        /** Whether the flush before was misunderstood for what this one does without. */
        boolean explains(Flush before) {
            return before.select.misunderstood()
                    ? select.ok()
                    : hasMessages() && !fetchMisunderstood();
        }

        /** Some servers announce QRESYNC, say OK to ENABLE, and enable nothing. */
        boolean enablesNothing() {
            return enable != null && !enable.enabled() && (enable.ok() || enable.misunderstood());
        }

        /** Some mailboxes have no mod-sequences on a server that has them (RFC 7162 §3.1.2.2). */
        boolean isWithoutModSeqs() {
            return select.ok() && select.selection().state().highestModSeq() == null;
        }

        /** Whether an answer is incomplete since messages were expunged meanwhile. */
        boolean missedExpunged() {
            return missedExpunged(known) || missedExpunged(added) || missedExpunged(witnesses);
        }

        private static boolean missedExpunged(@Nullable Command command) {
            return command != null && command.refused() && command.hasCode("EXPUNGEISSUED");
        }

        private static boolean misunderstood(@Nullable Command command) {
            return command != null && command.misunderstood();
        }
    }

    MailboxSync(
            CommandChannel channel,
            MailboxListing listing,
            MailboxName mailbox,
            SyncRequest request) {
        this.channel = channel;
        this.listing = listing;
        this.mailbox = mailbox;
        this.request = request;
    }

    SyncedMailbox run() {
        boolean modSeqs = channel.capabilities().condStore();
        var flush = exchange(channel.capabilities(), modSeqs);
        if (flush.enablesNothing()) {
            channel.giveUp(RefusedCapabilities.QRESYNC);
            flush = exchange(channel.capabilities(), modSeqs);
        }
        for (int tries = 1;
                (flush.missedExpunged() || leavesOut(flush)) && tries < MOST_TRIES;
                tries++) {
            flush = exchange(channel.capabilities(), modSeqs);
        }
        if (flush.asksVanished() && Flush.misunderstood(flush.known()) && flush.select().ok()) {
            flush = without(RefusedCapabilities.QRESYNC, true, flush);
        }
        if (modSeqs && flush.modSeqsMisunderstood()) {
            modSeqs = false;
            flush =
                    flush.isWithoutModSeqs()
                            ? exchange(channel.capabilities(), false)
                            : without(RefusedCapabilities.CONDSTORE, false, flush);
        }
        return answer(flush, modSeqs);
    }

    /** Repeats a flush; the capability is given up only if it was the reason. */
    private Flush without(String capability, boolean modSeqs, Flush before) {
        var flush = exchange(channel.capabilities().without(capability), modSeqs);
        if (flush.explains(before)) {
            channel.giveUp(capability);
        }
        return flush;
    }

    private Flush exchange(Capabilities with, boolean modSeqs) {
        var flush = flush(with, modSeqs);
        channel.exchange(
                CommandChannel.commands(
                        flush.enable(),
                        flush.select(),
                        flush.known(),
                        flush.added(),
                        flush.witnesses()));
        if (flush.enable() != null && flush.enable().enabled()) {
            channel.state().qresyncEnabled();
        }
        return flush;
    }

    /** QRESYNC is enabled at the first opportunity: once a mailbox was selected it is too late. */
    private Flush flush(Capabilities with, boolean modSeqs) {
        var since = modSeqs ? request.changedSince() : null;
        boolean quick = modSeqs && with.qresync();
        boolean enable = quick && !channel.state().reportsVanished() && channel.state().mayEnable();
        boolean vanished =
                quick
                        && (enable || channel.state().reportsVanished())
                        && since != null
                        && !request.known().isEmpty();
        var select = new SelectCommand(mailbox, Access.READ_ONLY, with);
        return new Flush(
                enable ? new EnableCommand("QRESYNC") : null,
                select,
                known(select, since, vanished),
                flags(select, request.added(), modSeqs),
                modSeqs ? witnesses(select) : null,
                vanished);
    }

    private @Nullable SyncFetchCommand known(
            SelectCommand select, @Nullable Long since, boolean vanished) {
        return since == null || request.known().isEmpty()
                ? flags(select, request.known(), false)
                : SyncFetchCommand.changedSince(select, request.known(), since, vanished);
    }

    private static @Nullable SyncFetchCommand flags(
            SelectCommand select, UidSet uids, boolean modSeqs) {
        return uids.isEmpty() ? null : SyncFetchCommand.flags(select, uids, modSeqs);
    }

    private @Nullable SyncFetchCommand witnesses(SelectCommand select) {
        if (request.equals(SyncRequest.COUNTERS)) {
            return SyncFetchCommand.modSeqsOfEnds(select);
        }
        return request.witnesses().isEmpty()
                ? null
                : SyncFetchCommand.modSeqs(select, request.witnesses());
    }

    private SyncedMailbox answer(Flush flush, boolean modSeqs) {
        listing.throwUnlessFound(mailbox, flush.select().failure());
        flush.select().selection().throwUnlessCounted();
        if (opened(flush).uidValidity() == 0) {
            throw new ImapException.ProtocolError(
                    "the mail server does not say to which numbering its UIDs belong", null, null);
        }
        boolean empty = opened(flush).messages() == 0;
        var known = flush.known();
        List<MessageFlags> changed = known == null ? List.of() : withFlags(changed(known, empty));
        if (leavesOut(flush)) {
            throw new ImapException.ProtocolError(
                    "the mail server leaves out messages", null, null);
        }
        return new SyncedMailbox(
                modSeqs ? opened(flush) : opened(flush).withoutModSeq(),
                channel.state().accountTag(),
                changed,
                withFlags(messages(flush.added(), empty)),
                messages(flush.witnesses(), empty),
                flush.asksVanished() && channel.state().reportsVanished() && known != null
                        ? known.vanished()
                        : null,
                vanishedMeanwhile(known)
                        .with(vanishedMeanwhile(flush.added()))
                        .with(vanishedMeanwhile(flush.witnesses())));
    }

    private static SelectedState opened(Flush flush) {
        return requireNonNull(flush.select().opened());
    }

    private static List<MessageFlags> changed(SyncFetchCommand command, boolean empty) {
        throwUnlessAnswered(command, empty);
        return command.changed();
    }

    private static List<MessageFlags> messages(
            @Nullable SyncFetchCommand command, boolean emptyMailbox) {
        if (command == null) {
            return List.of();
        }
        throwUnlessAnswered(command, emptyMailbox);
        return command.messages();
    }

    /** Some servers refuse every FETCH in a mailbox without messages. */
    private static void throwUnlessAnswered(SyncFetchCommand command, boolean emptyMailbox) {
        if (!emptyMailbox || !command.refused()) {
            command.throwUnlessOk();
        }
    }

    /** Whether the server has left out a message, which must not be taken for one that is gone. */
    private boolean leavesOut(Flush flush) {
        var known = flush.known();
        if (known == null || !known.ok() || !request.equals(SyncRequest.ALL_FLAGS)) {
            return false;
        }
        // Those that arrived after the mailbox was opened do not count.
        long uidNext = opened(flush).uidNext();
        if (uidNext == 0) {
            return known.messages().size() < flush.select().selection().state().messages();
        }
        long told = known.messages().stream().filter(it -> it.uid() < uidNext).count();
        return told < opened(flush).messages() - known.expunged();
    }

    private static List<MessageFlags> withFlags(List<MessageFlags> messages) {
        if (messages.stream().anyMatch(message -> message.flags() == null)) {
            throw new ImapException.ProtocolError(
                    "the mail server leaves out the flags of a message", null, null);
        }
        return messages;
    }

    private static UidSet vanishedMeanwhile(@Nullable SyncFetchCommand command) {
        return command == null ? UidSet.EMPTY : command.vanishedMeanwhile();
    }
}
