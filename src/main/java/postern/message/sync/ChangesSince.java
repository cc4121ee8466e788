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
import postern.web.problem.InvalidRequest;

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
        var old = state(token);
        return old.highestModSeq() > 0
                ? byModSeq(account, mailbox, old, limit)
                : bySnapshot(account, mailbox, old, limit);
    }

    private static MailboxState state(SyncState token) {
        try {
            return MailboxState.of(token);
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.parameter("since", "is not a state");
        }
    }

    private Page byModSeq(Account account, MailboxName mailbox, MailboxState old, int limit) {
        var synced = sync(account, mailbox, since(old));
        var check = new StateCheck(mailbox, old, synced);
        check.run();
        var opened = synced.opened();
        var news = UidSet.range(1, Math.max(1, opened.uidNext() - 1));
        var added = uids(synced.added()).within(news);
        var candidates = new ArrayList<>(synced.witnesses());
        candidates.addAll(synced.known());
        candidates.addAll(synced.added());
        if (synced.vanished() != null) {
            var removed = synced.vanished().with(synced.vanishedMeanwhile()).within(old.known());
            check.vanished(removed);
            var state = states.state(account, mailbox, synced, candidates, null);
            return page(ChangeSet.of(added, synced.known(), removed), state, limit);
        }
        var before = snapshots.load(account, old.snapshot());
        var removed = removed(account, mailbox, synced, before, check.gone());
        if (before == null) {
            throw new StateExpired("the gateway does not remember which messages there were");
        }
        var left = before.uids().without(removed).with(added);
        var state = states.state(account, mailbox, synced, candidates, MailboxSnapshot.of(left));
        return page(ChangeSet.of(added, synced.known(), removed), state, limit);
    }

    private static SyncRequest since(MailboxState old) {
        return new SyncRequest(
                old.highestModSeq(), old.known(), UidSet.from(old.uidNext()), old.witnessUids());
    }

    /** The messages that are gone, on a server that does not tell. */
    private UidSet removed(
            Account account,
            MailboxName mailbox,
            SyncedMailbox synced,
            @Nullable MailboxSnapshot before,
            long gone) {
        if (gone == 0) {
            return UidSet.EMPTY;
        }
        if (before == null) {
            throw new StateExpired("the gateway does not remember which messages there were");
        }
        var removed = before.uids().without(states.present(account, mailbox, synced));
        if (removed.size() < gone) {
            throw new StateExpired("the mail server has lost track of expunged messages");
        }
        return removed;
    }

    private Page bySnapshot(Account account, MailboxName mailbox, MailboxState old, int limit) {
        var before = snapshots.load(account, old.snapshot());
        if (before == null) {
            throw new StateExpired("the gateway does not remember which messages there were");
        }
        var synced = sync(account, mailbox, SyncRequest.ALL_FLAGS);
        new StateCheck(mailbox, old, synced).sameMailbox();
        var after = MailboxSnapshot.of(synced.known());
        var changed = before.changedIn(after);
        var updated = synced.known().stream().filter(it -> changed.contains(it.uid())).toList();
        var changes =
                ChangeSet.of(
                        after.uids().without(before.uids()),
                        updated,
                        before.uids().without(after.uids()));
        if (!changes.added().within(old.known()).isEmpty()) {
            // A UID is never used again (RFC 9051 §2.3.1.1): the server has lost its memory.
            throw new StateExpired("messages came back that were gone");
        }
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
        var old = state(from);
        var target = state(to);
        if (old.uidValidity() != target.uidValidity() || uid >= UidSet.MAX) {
            throw new StateExpired("the cursor is of another mailbox");
        }
        long end = Math.max(target.uidNext(), old.uidNext()) - 1;
        long last = Math.min(end, uid + window(target, limit));
        if (last <= uid) {
            return new Page(
                    ChangeSet.of(UidSet.EMPTY, List.of(), UidSet.EMPTY),
                    target.uidValidity(),
                    to,
                    0);
        }
        var window = UidSet.range(uid + 1, last);
        var changes = changes(account, mailbox, old, target, window);
        var told = changes.first(limit);
        long next = told.size() < changes.size() ? told.lastUid() : last < end ? last : 0;
        return new Page(told, target.uidValidity(), to, next);
    }

    /** About as many UIDs as hold {@code limit} messages. */
    private static long window(MailboxState target, int limit) {
        return limit * Math.max(1, target.uidNext() / Math.max(1, target.messages()));
    }

    private ChangeSet changes(
            Account account,
            MailboxName mailbox,
            MailboxState old,
            MailboxState target,
            UidSet window) {
        var known = old.known().within(window);
        var added = window.without(old.known());
        if (old.highestModSeq() == 0) {
            return snapshotChanges(account, mailbox, old, target, window);
        }
        var synced =
                sync(
                        account,
                        mailbox,
                        new SyncRequest(old.highestModSeq(), known, added, UidSet.EMPTY));
        new StateCheck(mailbox, target, synced).sameMailbox();
        UidSet removed;
        if (known.isEmpty()) {
            removed = UidSet.EMPTY;
        } else if (synced.vanished() == null) {
            removed = uids(account, old).without(uids(account, target)).within(window);
        } else {
            removed = synced.vanished().with(synced.vanishedMeanwhile()).within(known);
        }
        return ChangeSet.of(uids(synced.added()), synced.known(), removed);
    }

    private ChangeSet snapshotChanges(
            Account account,
            MailboxName mailbox,
            MailboxState old,
            MailboxState target,
            UidSet window) {
        var before = required(account, old);
        var after = required(account, target);
        var changed = before.changedIn(after).within(window);
        List<MessageFlags> updated = List.of();
        if (!changed.isEmpty()) {
            var synced = sync(account, mailbox, SyncRequest.flags(changed));
            new StateCheck(mailbox, target, synced).sameMailbox();
            updated = synced.known();
        }
        return ChangeSet.of(
                after.uids().without(before.uids()).within(window),
                updated,
                before.uids().without(after.uids()).within(window));
    }

    private UidSet uids(Account account, MailboxState state) {
        return required(account, state).uids();
    }

    private MailboxSnapshot required(Account account, MailboxState state) {
        var snapshot = snapshots.load(account, state.snapshot());
        if (snapshot == null) {
            throw new StateExpired("the gateway does not remember which messages there were");
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
            if (MailboxStates.highestModSeq(synced) < old.highestModSeq()) {
                throw new StateExpired("the mail server's index was made anew");
            }
            for (var witness : old.witnesses()) {
                verify(witness);
            }
            if (gone() < 0) {
                throw new StateExpired("messages came back that were gone");
            }
        }

        void sameMailbox() {
            var opened = synced.opened();
            if (!old.accountTag().equals(synced.accountTag())
                    || old.uidValidity() != opened.uidValidity()
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

        /** How many messages of the state were gone when the mailbox was opened. */
        long gone() {
            var opened = synced.opened();
            var news = UidSet.from(old.uidNext());
            long arrived =
                    uids(synced.added())
                            .with(synced.vanishedMeanwhile().within(news))
                            .within(UidSet.range(1, Math.max(1, opened.uidNext() - 1)))
                            .size();
            return old.messages() - (opened.messages() - arrived);
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
