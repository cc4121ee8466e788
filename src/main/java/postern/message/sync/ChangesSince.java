package postern.message.sync;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.SyncRequest;
import postern.imap.SyncedMailbox;
import postern.imap.message.MessageFlags;
import postern.imap.message.UidSet;
import postern.message.sync.MailboxState.Witness;
import postern.web.id.SyncState;

/**
 * Tells what changed in a mailbox since a state, by the best way that the mail server offers:
 *
 * <ul>
 *   <li>QRESYNC (RFC 7162 §3.2): the server tells changed and expunged messages.
 *   <li>CONDSTORE (RFC 7162 §3.1): the server tells changed messages. Whether any were expunged
 *       follows from the number of messages, and which ones from a snapshot of UIDs.
 *   <li>Neither: a snapshot of UIDs and flags is compared with all flags of the mailbox.
 * </ul>
 *
 * <p>A server whose index was made anew or restored may have lost changes without saying so; then
 * the state is expired, instead of an answer that leaves out changes. Every check compares numbers
 * of one EXAMINE, so that a mailbox that changes meanwhile does not matter: the new state is of the
 * time of that EXAMINE, and what came later is told by the next request, perhaps once more.
 */
@Component
public class ChangesSince {

    /** More expunged messages than this many times those of the state are told by a new list. */
    private static final int MOST_VANISHED = 2;

    private static final int FEW_VANISHED = 1_000;

    private final ImapConnections connections;
    private final MailboxStates states;
    private final Snapshots snapshots;

    ChangesSince(ImapConnections connections, MailboxStates states, Snapshots snapshots) {
        this.connections = connections;
        this.states = states;
        this.snapshots = snapshots;
    }

    /**
     * One page of changes.
     *
     * @param state the state after all changes
     * @param next the page after this one begins above this UID; 0 on the last page
     */
    public record Page(ChangeSet changes, long uidValidity, SyncState state, long next) {}

    /** The first page of what changed since that state; throws 410 {@code state-expired}. */
    public Page since(Account account, MailboxName mailbox, SyncState token, int limit) {
        var old = MailboxState.required(token);
        return old.highestModSeq() > 0
                ? byModSeq(account, mailbox, old, limit)
                : bySnapshot(account, mailbox, old, limit);
    }

    private Page byModSeq(Account account, MailboxName mailbox, MailboxState old, int limit) {
        var synced = sync(account, mailbox, since(old));
        var check = new StateCheck(mailbox, old, synced);
        check.run();
        var candidates = new ArrayList<>(synced.witnesses());
        candidates.addAll(synced.known());
        candidates.addAll(synced.added());
        if (synced.vanished() != null) {
            var removed = synced.vanished().with(synced.vanishedMeanwhile()).within(old.known());
            check.vanished(removed);
            var state = states.state(account, mailbox, synced, left(candidates, removed), null);
            return page(ChangeSet.of(check.added(), synced.known(), removed), state, limit);
        }
        var before =
                old.known().isEmpty()
                        ? MailboxSnapshot.of(UidSet.EMPTY)
                        : snapshots.load(account, old.snapshot());
        if (before == null) {
            throw forgotten();
        }
        var present = check.saysAll() ? null : present(account, mailbox, check, before.uids());
        return compared(
                account, mailbox, new Comparison(check, before, present, candidates), limit);
    }

    /**
     * The messages that are there now. A connection that had the mailbox open may find messages
     * that it is told afterwards are gone; then it is asked again.
     */
    private UidSet present(Account account, MailboxName mailbox, StateCheck check, UidSet before) {
        var present = states.present(account, mailbox, check.synced);
        return before.without(present).size() < check.gone()
                ? states.present(account, mailbox, check.synced)
                : present;
    }

    /** Some servers answer FETCH of messages that are gone: these are no witnesses. */
    private static List<MessageFlags> left(List<MessageFlags> messages, UidSet removed) {
        return messages.stream().filter(it -> !removed.contains(it.uid())).toList();
    }

    /**
     * What is needed to find expunged messages on a server that does not tell.
     *
     * @param present the messages that are there; null where none can be gone
     */
    private record Comparison(
            StateCheck check,
            MailboxSnapshot before,
            @Nullable UidSet present,
            List<MessageFlags> candidates) {}

    private Page compared(Account account, MailboxName mailbox, Comparison comparison, int limit) {
        var check = comparison.check();
        var synced = check.synced;
        var before = comparison.before().uids();
        var removed =
                comparison.present() == null ? UidSet.EMPTY : before.without(comparison.present());
        if (removed.size() < check.gone()) {
            throw new StateExpired("the mail server has lost track of expunged messages");
        }
        var added = new ArrayList<>(check.added());
        // A message may become visible after others with higher UIDs.
        synced.known().stream().filter(it -> !before.contains(it.uid())).forEach(added::add);
        var left = before.without(removed).with(uids(added));
        var unseen =
                comparison.present() == null
                        ? UidSet.EMPTY
                        : comparison.present().without(left).without(removed);
        if (!unseen.isEmpty()) {
            throw new StateExpired("the mail server leaves out messages");
        }
        var snapshot = MailboxSnapshot.of(left);
        var candidates = left(comparison.candidates(), removed);
        var state = states.state(account, mailbox, synced, candidates, snapshot);
        return page(ChangeSet.of(added, synced.known(), removed), state, limit);
    }

    private static SyncRequest since(MailboxState old) {
        return new SyncRequest(
                old.highestModSeq(), old.known(), UidSet.from(old.uidNext()), old.witnessUids());
    }

    private static StateExpired forgotten() {
        return new StateExpired("the gateway does not remember which messages there were");
    }

    private Page bySnapshot(Account account, MailboxName mailbox, MailboxState old, int limit) {
        var synced = sync(account, mailbox, SyncRequest.ALL_FLAGS);
        new StateCheck(mailbox, old, synced).sameMailbox();
        var before = required(account, old);
        var after = MailboxSnapshot.of(synced.known());
        var news = after.uids().without(before.uids());
        if (!news.within(old.known()).isEmpty()) {
            // A UID is never used again (RFC 9051 §2.3.1.1): the server has lost its memory.
            throw new StateExpired("messages came back that were gone");
        }
        var changes =
                ChangeSet.of(
                        within(synced.known(), news),
                        within(synced.known(), before.changedIn(after)),
                        before.uids().without(after.uids()));
        var state = states.state(account, mailbox, synced, List.of(), after);
        return page(changes, state, limit);
    }

    /** A page after the first one, of the messages above this UID. */
    public Page after(
            Account account,
            MailboxName mailbox,
            SyncState from,
            SyncState to,
            long uid,
            int limit) {
        var old = MailboxState.required(from);
        var target = MailboxState.required(to);
        long end = Math.max(target.uidNext(), old.uidNext()) - 1;
        long last = Math.min(end, uid + window(target, limit));
        var window = last > uid ? UidSet.range(uid + 1, last) : UidSet.EMPTY;
        var changes =
                old.highestModSeq() == 0
                        ? snapshotChanges(account, mailbox, new Step(old, target), window)
                        : modSeqChanges(account, mailbox, new Step(old, target), window);
        var told = changes.first(limit);
        long next = told.size() < changes.size() ? told.lastUid() : last < end ? last : 0;
        return new Page(told, target.uidValidity(), to, next);
    }

    /** From one state to the next one. */
    private record Step(MailboxState old, MailboxState target) {}

    /** About as many UIDs as hold {@code limit} messages. */
    private static long window(MailboxState target, int limit) {
        return limit * Math.max(1, target.uidNext() / Math.max(1, target.messages()));
    }

    private ChangeSet modSeqChanges(
            Account account, MailboxName mailbox, Step step, UidSet window) {
        var known = step.old().known().within(window);
        var added = window.without(step.old().known());
        var request =
                window.isEmpty()
                        ? SyncRequest.COUNTERS
                        : new SyncRequest(step.old().highestModSeq(), known, added, UidSet.EMPTY);
        var synced = sync(account, mailbox, request);
        var check = new StateCheck(mailbox, step.target(), synced);
        check.sameMailbox();
        check.sameIndex();
        if (window.isEmpty()) {
            return ChangeSet.NONE;
        }
        UidSet removed;
        if (known.isEmpty()) {
            removed = UidSet.EMPTY;
        } else if (synced.vanished() == null) {
            removed =
                    required(account, step.old())
                            .uids()
                            .without(required(account, step.target()).uids())
                            .within(window);
        } else {
            removed = synced.vanished().with(synced.vanishedMeanwhile()).within(known);
        }
        return ChangeSet.of(synced.added(), synced.known(), removed);
    }

    /** The flags must be those of the state, or a change of them could be lost. */
    private ChangeSet snapshotChanges(
            Account account, MailboxName mailbox, Step step, UidSet window) {
        var synced =
                sync(
                        account,
                        mailbox,
                        window.isEmpty() ? SyncRequest.COUNTERS : SyncRequest.flags(window));
        new StateCheck(mailbox, step.target(), synced).sameMailbox();
        var before = required(account, step.old());
        var after = required(account, step.target());
        var news = after.uids().without(before.uids()).within(window);
        var changed = before.changedIn(after).within(window);
        var told = within(synced.known(), news.with(changed));
        if (after.contradicts(told)) {
            throw new StateExpired("messages changed between two pages");
        }
        return ChangeSet.of(
                within(told, news),
                within(told, changed),
                before.uids().without(after.uids()).within(window));
    }

    private static List<MessageFlags> within(List<MessageFlags> messages, UidSet uids) {
        return messages.stream().filter(it -> uids.contains(it.uid())).toList();
    }

    /** Whether these messages, or some of them, are in the mailbox. */
    public boolean exist(Account account, MailboxName mailbox, UidSet uids) {
        return !sync(account, mailbox, SyncRequest.flags(uids)).known().isEmpty();
    }

    private MailboxSnapshot required(Account account, MailboxState state) {
        var snapshot = snapshots.load(account, state.snapshot());
        if (snapshot == null) {
            throw forgotten();
        }
        return snapshot;
    }

    private static Page page(ChangeSet changes, MailboxState state, int limit) {
        var told = changes.first(limit);
        long next = told.size() < changes.size() ? told.lastUid() : 0;
        return new Page(told, state.uidValidity(), state.token(), next);
    }

    private SyncedMailbox sync(Account account, MailboxName mailbox, SyncRequest request) {
        try (var connection = connections.borrow(account, Lane.SYNC)) {
            return connection.sync(mailbox, request);
        }
    }

    private static UidSet uids(List<MessageFlags> messages) {
        return UidSet.of(messages.stream().map(MessageFlags::uid).toList());
    }

    /** Compares an old state with what the server says now. */
    private static final class StateCheck {

        private final MailboxName mailbox;
        private final MailboxState old;
        private final SyncedMailbox synced;

        StateCheck(MailboxName mailbox, MailboxState old, SyncedMailbox synced) {
            this.mailbox = mailbox;
            this.old = old;
            this.synced = synced;
        }

        void run() {
            sameMailbox();
            sameIndex();
            for (var witness : old.witnesses()) {
                verify(witness);
            }
            // Without QRESYNC it may be a message that came and went: the messages themselves tell.
            if (gone() < 0 && synced.vanished() != null) {
                throw new StateExpired("messages came back that were gone");
            }
        }

        void sameIndex() {
            if (MailboxStates.highestModSeq(synced) < old.highestModSeq()) {
                throw new StateExpired("the mail server's index was made anew");
            }
        }

        void sameMailbox() {
            var opened = synced.opened();
            if (!old.accountTag().equals(synced.accountTag())
                    || old.uidValidity() != opened.uidValidity() && !old.neverUsed()
                    || old.identity() != MailboxState.identity(mailbox, opened)) {
                throw new StateExpired("the state is of another mailbox, or it was numbered anew");
            }
            if (opened.uidNext() != 0 && opened.uidNext() < old.uidNext()) {
                throw new StateExpired("the mail server's index was made anew");
            }
        }

        /** A message that did not change has the mod-sequence of then. */
        private void verify(Witness witness) {
            if (vanished(witness.uid())) {
                return;
            }
            var now = ofUid(synced.witnesses(), witness.uid());
            if (now == null) {
                if (synced.vanished() != null) {
                    throw new StateExpired("the mail server has lost track of expunged messages");
                }
                return;
            }
            var modSeq = now.modSeq();
            if (modSeq == null || modSeq != witness.modSeq() && modSeq <= old.highestModSeq()) {
                throw new StateExpired("the mail server's index was made anew");
            }
        }

        private boolean vanished(long uid) {
            return synced.vanished() != null && synced.vanished().contains(uid)
                    || synced.vanishedMeanwhile().contains(uid);
        }

        private static @Nullable MessageFlags ofUid(List<MessageFlags> messages, long uid) {
            for (var message : messages) {
                if (message.uid() == uid) {
                    return message;
                }
            }
            return null;
        }

        /** The new messages of the time when the mailbox was opened. */
        List<MessageFlags> added() {
            return synced.added().stream()
                    .filter(it -> it.uid() < synced.opened().uidNext())
                    .toList();
        }

        private long arrived() {
            var news = UidSet.from(old.uidNext());
            return uids(synced.added())
                    .with(synced.vanishedMeanwhile().within(news))
                    .within(UidSet.range(1, Math.max(1, synced.opened().uidNext() - 1)))
                    .size();
        }

        /** How many messages of the state were gone when the mailbox was opened. */
        long gone() {
            return old.messages() - (synced.opened().messages() - arrived());
        }

        /**
         * Whether nothing is gone and every new UID was told, so that none was left out instead of
         * one that is gone.
         */
        boolean saysAll() {
            return gone() == 0 && arrived() == synced.opened().uidNext() - old.uidNext();
        }

        /** At least as many must have vanished as the numbers of messages say. */
        void vanished(UidSet removed) {
            if (removed.size() < gone()) {
                throw new StateExpired("the mail server has lost track of expunged messages");
            }
            if (removed.size() > MOST_VANISHED * old.messages() + FEW_VANISHED) {
                throw new StateExpired("too much has changed");
            }
        }
    }
}
