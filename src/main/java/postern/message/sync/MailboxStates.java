package postern.message.sync;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.SyncRequest;
import postern.imap.SyncedMailbox;
import postern.imap.message.FetchedMessage;
import postern.imap.message.MessageFlags;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.web.id.SyncState;

/** Makes states: what a mailbox is like now. */
@Component
public class MailboxStates {

    private final ImapConnections connections;
    private final Snapshots snapshots;

    MailboxStates(ImapConnections connections, Snapshots snapshots) {
        this.connections = connections;
        this.snapshots = snapshots;
    }

    /** The state of a mailbox at a time during this call. */
    public SyncState now(Account account, MailboxName mailbox) {
        boolean remembers;
        SyncedMailbox synced;
        try (var connection = connections.borrow(account, Lane.SYNC)) {
            synced = connection.sync(mailbox, SyncRequest.COUNTERS);
            if (highestModSeq(synced) == 0) {
                synced = connection.sync(mailbox, SyncRequest.ALL_FLAGS);
                var snapshot = MailboxSnapshot.of(synced.known());
                return state(account, mailbox, synced, List.of(), snapshot).token();
            }
            synced = withLatestChange(connection, mailbox, synced);
            remembers = connection.capabilities().qresync();
        }
        var snapshot = remembers ? null : MailboxSnapshot.of(present(account, mailbox, synced));
        return state(account, mailbox, synced, synced.witnesses(), snapshot).token();
    }

    /**
     * The messages that a list with this state may show. Others came after the state: {@code
     * listChanges} tells them as added, and nobody would tell that one is gone again.
     */
    public UidSet known(Account account, SyncState token) {
        var state = MailboxState.required(token);
        var snapshot = state.snapshot() == null ? null : snapshots.load(account, state.snapshot());
        return snapshot == null ? state.known() : snapshot.uids();
    }

    /**
     * Whether these flags are those of the state. Only a server without mod-sequences needs this:
     * there a later change back to the flags of the state would not be told.
     */
    public boolean agree(Account account, SyncState token, Collection<FetchedMessage> messages) {
        var state = MailboxState.required(token);
        if (state.highestModSeq() > 0) {
            return true;
        }
        var snapshot = snapshots.load(account, state.snapshot());
        return snapshot == null
                || !snapshot.contradicts(
                        messages.stream()
                                .filter(it -> it.flags() != null)
                                .map(it -> new MessageFlags(it.uid(), it.flags(), null))
                                .toList());
    }

    /**
     * The mod-sequence that counts; 0 where there is none, or the server does not say which
     * messages it belongs to.
     */
    static long highestModSeq(SyncedMailbox synced) {
        var highest = synced.opened().highestModSeq();
        return highest == null || synced.opened().uidNext() == 0 ? 0 : highest;
    }

    MailboxState state(
            Account account,
            MailboxName mailbox,
            SyncedMailbox synced,
            List<MessageFlags> candidates,
            @Nullable MailboxSnapshot snapshot) {
        var opened = synced.opened();
        long highest = highestModSeq(synced);
        long uidNext = Math.max(opened.uidNext(), snapshot == null ? 1 : snapshot.uidNext());
        return new MailboxState(
                synced.accountTag(),
                opened.mailboxId() == null || mailbox.inbox() ? 0 : MailboxState.nameHash(mailbox),
                MailboxState.identity(mailbox, opened),
                opened.uidValidity(),
                uidNext,
                snapshot == null ? opened.messages() : snapshot.uids().size(),
                highest,
                MailboxState.witnesses(candidates, uidNext, highest),
                snapshot == null ? null : snapshots.store(account, snapshot));
    }

    /**
     * The first and the last message may not have changed for long, so that their mod-sequences
     * could be the same in an index made anew. The message that changed last is a better witness.
     */
    private static SyncedMailbox withLatestChange(
            ImapConnection connection, MailboxName mailbox, SyncedMailbox synced) {
        long highest = highestModSeq(synced);
        if (synced.opened().messages() == 0
                || synced.witnesses().stream().anyMatch(it -> hasModSeq(it, highest))) {
            return synced;
        }
        var latest = connection.sync(mailbox, SyncRequest.changedSince(highest - 1));
        var candidates = new ArrayList<>(synced.witnesses());
        candidates.addAll(latest.known());
        return synced.with(candidates);
    }

    private static boolean hasModSeq(MessageFlags message, long modSeq) {
        return message.modSeq() != null && message.modSeq() == modSeq;
    }

    /** The messages that are there now, of those that were there when the mailbox was opened. */
    UidSet present(Account account, MailboxName name, SyncedMailbox synced) {
        var opened = synced.opened();
        if (opened.uidNext() <= 1) {
            return UidSet.EMPTY;
        }
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            mailbox.requireUidValidity(opened.uidValidity());
            return mailbox.search(new SearchTerm.Uids(UidSet.range(1, opened.uidNext() - 1)));
        }
    }
}
