package postern.imap.client;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
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
            // FETCH 1 is refused in a mailbox without messages.
            boolean empty = select.ok() && select.selection().state().messages() == 0;
            return select.misunderstood()
                    || !empty
                            && (misunderstood(known)
                                    || misunderstood(added)
                                    || misunderstood(witnesses));
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
        var flush = exchange();
        if (flush.asksVanished() && !channel.state().reportsVanished()) {
            // Some servers announce QRESYNC, say OK to ENABLE, and enable nothing.
            channel.giveUp(RefusedCapabilities.QRESYNC);
            flush = exchange();
        }
        for (int tries = 1; flush.missedExpunged() && tries < MOST_TRIES; tries++) {
            flush = exchange();
        }
        if (flush.asksVanished() && Flush.misunderstood(flush.known()) && flush.select().ok()) {
            channel.giveUp(RefusedCapabilities.QRESYNC);
            flush = exchange();
        }
        if (channel.capabilities().condStore() && flush.modSeqsMisunderstood()) {
            channel.giveUp(RefusedCapabilities.CONDSTORE);
            flush = exchange();
        }
        return answer(flush);
    }

    private Flush exchange() {
        var flush = flush();
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

    private Flush flush() {
        var capabilities = channel.capabilities();
        boolean modSeqs = capabilities.condStore();
        var since = modSeqs ? request.changedSince() : null;
        boolean vanished = since != null && capabilities.qresync() && !request.known().isEmpty();
        boolean enable = vanished && !channel.state().reportsVanished();
        var select = new SelectCommand(mailbox, Access.READ_ONLY, capabilities);
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

    private SyncedMailbox answer(Flush flush) {
        listing.throwUnlessFound(mailbox, flush.select().failure());
        flush.select().selection().throwUnlessCounted();
        boolean empty = opened(flush).messages() == 0;
        var known = flush.known();
        List<MessageFlags> changed = known == null ? List.of() : withFlags(changed(known, empty));
        throwUnlessAll(flush, changed);
        return new SyncedMailbox(
                opened(flush),
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

    /** A message that the server leaves out must not be taken for one that is gone. */
    private void throwUnlessAll(Flush flush, List<MessageFlags> messages) {
        var known = flush.known();
        boolean all = known != null && request.equals(SyncRequest.ALL_FLAGS);
        if (all && messages.size() < opened(flush).messages() - known.expunged()) {
            throw new ImapException.ProtocolError(
                    "the mail server leaves out messages", null, null);
        }
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
