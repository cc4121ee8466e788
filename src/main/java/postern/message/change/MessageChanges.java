package postern.message.change;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageOutcome;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.mailbox.directory.MailboxResolver;
import postern.web.id.MailboxId;
import postern.web.idempotency.MessageTrail;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Changes, moves, copies and deletes single messages. */
@Component
public class MessageChanges {

    private static final FetchItems STATE = FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);

    private static final FlagChange NONE = new FlagChange(Set.of(), Set.of());

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final MessageLocks locks;
    private final LostCopyFinder lostCopies;

    MessageChanges(
            ImapConnections connections,
            MailboxResolver mailboxes,
            MessageLocks locks,
            LostCopyFinder lostCopies) {
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.locks = locks;
        this.lostCopies = lostCopies;
    }

    /** Stores keywords, then moves; the target mailbox is checked before either. */
    public MessageState update(
            Account account, MessageRef message, MessagePatch patch, IfMatch ifMatch) {
        var change = patch.flagChange();
        var destination =
                patch.mailboxId() == null
                        ? message.mailbox()
                        : mailboxes.resolveDestination(account, patch.mailboxId());
        if (destination.same(message.mailbox())) {
            try (var _ = locks.take(account, message)) {
                return MessageState.of(message, store(account, message, change, ifMatch));
            }
        }
        if (!change.empty()) {
            requireMailbox(account, destination);
        }
        var moved = move(account, message, change, ifMatch, destination);
        return MessageState.moved(found(account, moved), destination, moved.state());
    }

    private FetchedMessage store(
            Account account, MessageRef message, FlagChange change, IfMatch ifMatch) {
        try (var mailbox =
                connections.select(account, message, Access.READ_WRITE, Lane.INTERACTIVE)) {
            return store(mailbox, message.uid(), change, ifMatch);
        }
    }

    private void requireMailbox(Account account, MailboxName mailbox) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            connection.status(mailbox);
        }
    }

    private Relocation move(
            Account account,
            MessageRef message,
            FlagChange change,
            IfMatch ifMatch,
            MailboxName destination) {
        try (var _ = locks.take(account, message);
                var mailbox =
                        connections.select(account, message, Access.READ_WRITE, Lane.INTERACTIVE)) {
            var state = store(mailbox, message.uid(), change, ifMatch);
            var fingerprint = MessageFingerprint.where(mailbox, message.uid());
            var moved = move(mailbox, message.uid(), destination, change);
            return new Relocation(destination, moved, fingerprint, state);
        }
    }

    private static @Nullable MessageRef move(
            SelectedMailbox mailbox, long uid, MailboxName destination, FlagChange stored) {
        try {
            return done(mailbox, uid, new BulkChange.Move(destination));
        } catch (ImapException e) {
            if (stored.empty() || e instanceof ImapException.OutcomeUnknown) {
                throw e;
            }
            throw new ProblemException(
                    ProblemCode.of(e),
                    "the keywords are stored, but the message was not moved: " + e.getMessage());
        }
    }

    /** Returns the message as it is afterwards. */
    private static FetchedMessage store(
            SelectedMailbox mailbox, long uid, FlagChange change, IfMatch ifMatch) {
        if (change.empty()) {
            return current(mailbox, uid, ifMatch);
        }
        var uids = UidSet.of(uid);
        if (ifMatch.any()) {
            var answer = mailbox.store(uids, change);
            if (answer.isEmpty() || has(answer.getFirst(), change)) {
                return stored(mailbox, uid, change, answer);
            }
            // Another client may have undone the change or expunged the message: try once more.
            done(mailbox, uid, new BulkChange.Store(change));
            return mailbox.fetch(uid, STATE);
        }
        if (counts(mailbox) && ifMatch.modSeq().isPresent()) {
            long unchangedSince = ifMatch.modSeq().getAsLong();
            return stored(mailbox, uid, change, mailbox.store(uids, change, unchangedSince));
        }
        var now = current(mailbox, uid, ifMatch);
        var answer =
                now.modSeq() == null
                        ? mailbox.store(uids, change)
                        : mailbox.store(uids, change, now.modSeq());
        return stored(mailbox, uid, change, answer);
    }

    private static FetchedMessage current(SelectedMailbox mailbox, long uid, IfMatch ifMatch) {
        var message = mailbox.fetch(uid, STATE);
        if (!ifMatch.allows(MessageETag.of(message))) {
            throw new ImapException.MessageModified(null);
        }
        return message;
    }

    /**
     * Whether this mailbox has mod-sequences (RFC 7162); a mailbox may lack them on a server with
     * CONDSTORE.
     */
    private static boolean counts(SelectedMailbox mailbox) {
        return mailbox.capabilities().condStore() && mailbox.state().highestModSeq() != null;
    }

    private static FetchedMessage stored(
            SelectedMailbox mailbox, long uid, FlagChange change, List<FetchedMessage> answer) {
        var complete =
                !answer.isEmpty() && (answer.getFirst().modSeq() != null || !counts(mailbox));
        var message = complete ? answer.getFirst() : mailbox.fetch(uid, STATE);
        if (!has(message, change)) {
            // Courier still returns a message that another client expunged, until it has sent
            // EXPUNGE
            message = mailbox.fetch(uid, STATE);
        }
        if (message.flags() != null && !has(message, change)) {
            throw keeps(mailbox, change)
                    ? new ImapException.MessageModified(null)
                    : new ImapException.NotPossible(
                            "the mailbox does not keep these keywords", null);
        }
        return message;
    }

    /**
     * Whether the server stores these keywords permanently (RFC 9051 §7.1 PERMANENTFLAGS); if so, a
     * missing one was removed by another client.
     */
    private static boolean keeps(SelectedMailbox mailbox, FlagChange change) {
        var state = mailbox.state();
        return state.permanentFlags() != null && change.added().stream().allMatch(state::keeps);
    }

    private static boolean has(FetchedMessage message, FlagChange change) {
        return message.flags() != null && message.flags().containsAll(change.added());
    }

    public CopiedMessage copy(Account account, MessageRef message, MailboxId mailboxId) {
        var trail = MessageTrail.current();
        if (trail == null) {
            var destination = mailboxes.resolveDestination(account, mailboxId);
            return CopiedMessage.of(
                    found(account, copy(account, message, destination, null)), destination);
        }
        var earlier = trail.earlier(UnfinishedCopy.class);
        if (earlier != null) {
            var copy = earlier.find(account, message, lostCopies);
            if (copy != null) {
                return copy;
            }
        }
        var destination =
                earlier == null
                        ? mailboxes.resolveDestination(account, mailboxId)
                        : earlier.trace().destination();
        var trace = earlier == null ? traced(account, destination) : earlier.trace();
        if (trace != null) {
            trail.leave(new UnfinishedCopy(trace));
        }
        var copied = copy(account, message, destination, trace);
        trail.finished();
        return CopiedMessage.of(found(account, copied), destination);
    }

    private @Nullable CopyTrace traced(Account account, MailboxName destination) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return CopyTrace.before(connection, destination);
        }
    }

    private Relocation copy(
            Account account,
            MessageRef message,
            MailboxName destination,
            @Nullable CopyTrace trace) {
        try (var mailbox =
                connections.select(account, message, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var state = mailbox.fetch(message.uid(), STATE);
            if (trace != null) {
                trace.note(mailbox, UidSet.of(message.uid()));
            }
            var fingerprint = MessageFingerprint.where(mailbox, message.uid());
            var copied = done(mailbox, message.uid(), new BulkChange.Copy(destination));
            return new Relocation(destination, copied, fingerprint, state);
        } finally {
            if (trace != null) {
                trace.ended();
            }
        }
    }

    /**
     * Null when the copy cannot be found: the change has succeeded even if the new id is unknown.
     */
    private @Nullable MessageRef found(Account account, Relocation relocation) {
        if (relocation.message() != null || relocation.fingerprint() == null) {
            return relocation.message();
        }
        var where = relocation.destination();
        try (var mailbox = connections.select(account, where, Access.READ_ONLY, Lane.INTERACTIVE)) {
            return relocation.fingerprint().newest(mailbox);
        } catch (ImapException _) {
            return null;
        }
    }

    /** Moves the message to the trash; if that is not possible, it is not deleted. */
    public void moveToTrash(Account account, MessageRef message, IfMatch ifMatch) {
        var trash = trash(account);
        if (trash.same(message.mailbox())) {
            throw permanentOnly("the message is in the trash already");
        }
        move(account, message, NONE, ifMatch, trash);
    }

    private MailboxName trash(Account account) {
        try {
            return mailboxes.resolve(account, MailboxId.parse(MailboxRole.TRASH.id()));
        } catch (ProblemException e) {
            throw e.code() == ProblemCode.MAILBOX_NOT_FOUND
                    ? permanentOnly("the account has no trash mailbox")
                    : e;
        }
    }

    private static ProblemException permanentOnly(String reason) {
        return new ProblemException(
                ProblemCode.NOT_POSSIBLE, reason + "; permanent=true deletes it for good");
    }

    /** Expunges this message and no other. */
    public void expunge(Account account, MessageRef message, IfMatch ifMatch) {
        try (var _ = locks.take(account, message);
                var mailbox =
                        connections.select(account, message, Access.READ_WRITE, Lane.INTERACTIVE)) {
            if (!ifMatch.any()) {
                current(mailbox, message.uid(), ifMatch);
            }
            done(mailbox, message.uid(), new BulkChange.Expunge());
        }
    }

    /**
     * Returns the location of the moved message or the copy, if the server reports it (COPYUID).
     */
    private static @Nullable MessageRef done(SelectedMailbox mailbox, long uid, BulkChange change) {
        var outcome = mailbox.apply(UidSet.of(uid), change).getFirst();
        return switch (outcome) {
            case MessageOutcome.Done(var _, var _, var successor) -> successor;
            case MessageOutcome.Gone _ -> throw new ImapException.MessageNotFound();
            case MessageOutcome.Refused(var _, var reason, var _) -> throw reason;
            case MessageOutcome.Unknown(var _, var reason, var _) -> throw reason;
        };
    }
}
