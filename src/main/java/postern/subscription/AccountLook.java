package postern.subscription;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.changes.AccountChanges;
import postern.changes.AppearedMailbox;
import postern.changes.ChangedMailboxes;
import postern.changes.MailboxCounts;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.mailbox.directory.MailboxResolver;
import postern.message.sync.MailboxStates;
import postern.subscription.HintedMailboxes.Where;
import postern.subscription.Progress.Told;
import postern.subscription.SubscriptionStore.Stored;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;
import postern.web.problem.ProblemException;

/** Finds which mailboxes of an account changed since they were told the last time. */
@Component
class AccountLook {

    /** More mailboxes than this are not watched. */
    static final int MOST = 1_000;

    /** The mailboxes that are opened in one look. */
    static final int OPENED = 100;

    private final ChangedMailboxes changed;
    private final MailboxStates states;
    private final MailboxResolver mailboxes;
    private final ImapConnections connections;

    AccountLook(
            ChangedMailboxes changed,
            MailboxStates states,
            MailboxResolver mailboxes,
            ImapConnections connections) {
        this.changed = changed;
        this.states = states;
        this.mailboxes = mailboxes;
        this.connections = connections;
    }

    /**
     * What has been found.
     *
     * @param left ids of mailboxes that had to be opened, and of which others were the first
     */
    record Found(Batch batch, Set<String> left) {}

    /**
     * Throws ImapException where the mail server as a whole fails.
     *
     * @param where to look into mailboxes whose counters do not show whether something changed;
     *     those whose counters changed are found anywhere
     */
    Found next(Stored stored, Progress progress, Where where) {
        var known = new LinkedHashMap<String, @Nullable String>();
        progress.mailboxes()
                .forEach((id, told) ->
                        known.put(id, told.state() == null ? null : told.state().text()));
        return new Look(stored, progress, where).of(changed.since(stored.account(), known));
    }

    /** What a mailbox is like now. */
    private record Now(SyncState state, MailboxStatus counts) {}

    /** One comparison. */
    private final class Look {

        private final Stored stored;
        private final Progress progress;
        private final Where where;
        private final Map<String, Told> told;
        private final List<DeliveredEvent> events = new ArrayList<>();
        private final Set<String> left = new HashSet<>();
        private int opened;

        Look(Stored stored, Progress progress, Where where) {
            this.stored = stored;
            this.progress = progress;
            this.where = where;
            this.told = new LinkedHashMap<>(progress.mailboxes());
        }

        Found of(AccountChanges changes) {
            for (var id : changes.vanished()) {
                told.remove(id);
                add(EventType.MAILBOX_REMOVED, id, null);
            }
            for (var rename : changes.renamed()) {
                told.put(rename.mailboxId(), Told.at(rename.state()));
                add(EventType.MAILBOX_RENAMED, rename.mailboxId(), null);
            }
            some(changes.changed()).forEach(it -> changed(it.mailboxId()));
            some(changes.expired()).forEach(it -> changed(it.mailboxId()));
            appeared(some(changes.appeared()));
            // Whether anything changed is seen only in the mailbox: some of them at a time.
            var unknown =
                    changes.unknown().stream()
                            .filter(it ->
                                    it.totalMessages() != null && where.contains(it.mailboxId()))
                            .toList();
            for (var mailbox : some(unknown)) {
                if (opened < OPENED) {
                    changed(mailbox.mailboxId());
                } else {
                    left.add(mailbox.mailboxId());
                }
            }
            var batch =
                    batch(left(changes.changed()) || left(changes.expired()), changes.appeared());
            return new Found(batch, left);
        }

        /** Where there are too many for one look, each has a chance to be among the first. */
        private static <T> List<T> some(List<T> all) {
            if (all.size() <= OPENED) {
                return all;
            }
            var shuffled = new ArrayList<>(all);
            Collections.shuffle(shuffled);
            return shuffled;
        }

        private boolean left(List<MailboxCounts> counts) {
            return opened >= OPENED && counts.size() > OPENED / 2;
        }

        private Batch batch(boolean left, List<AppearedMailbox> appeared) {
            boolean full = opened >= OPENED && told.size() < MOST && appeared.size() >= OPENED;
            // Where none could be opened, the next look is as late as any.
            boolean more = (left || full) && !told.equals(progress.mailboxes());
            boolean beginning = progress.beginning() && more;
            boolean resync = progress.resync();
            if (progress.beginning()) {
                events.clear();
                if (!more && resync) {
                    events.add(
                            DeliveredEvent.ofMailbox(
                                    DeliveredEventType.RESYNC,
                                    null,
                                    null,
                                    null,
                                    null,
                                    MailboxLook.key(stored, progress)));
                    resync = false;
                }
            }
            return new Batch(
                    new Delivery(stored.id(), events, List.of()),
                    progress.with(told, beginning, resync),
                    more);
        }

        private void changed(String id) {
            var before = told.get(id);
            var now = now(id, before == null ? null : before.state(), EventType.MAILBOX_CHANGED);
            if (now != null) {
                told.put(id, Told.at(now.state()));
                add(EventType.MAILBOX_CHANGED, id, now);
            }
        }

        private void appeared(List<AppearedMailbox> mailboxes) {
            for (var mailbox : mailboxes) {
                var id = mailbox.mailboxId().text();
                var now = told.size() >= MOST ? null : now(id, null, EventType.MAILBOX_CREATED);
                if (now != null) {
                    told.put(id, Told.at(now.state()));
                    add(EventType.MAILBOX_CREATED, id, now);
                }
            }
        }

        /**
         * Null where nothing changed since the state before, or it cannot be opened, or enough have
         * been: then it is a later look's.
         */
        private @Nullable Now now(String id, @Nullable SyncState before, EventType event) {
            if (opened >= OPENED) {
                return null;
            }
            opened++;
            try {
                var mailbox = mailboxes.resolve(account(), MailboxId.parse(id));
                var state = states.now(account(), mailbox);
                if (state.equals(before)) {
                    return null;
                }
                // After the state: what comes between the two is in the counts, and told again.
                return new Now(state, wants(event) ? status(mailbox) : MailboxStatus.UNKNOWN);
            } catch (ImapException.MailboxNotFound
                    | ImapException.PermissionDenied
                    | ImapException.OutOfScope
                    | ImapException.NotPossible
                    | ImapException.MailboxReset
                    | ProblemException _) {
                return null;
            }
        }

        private MailboxStatus status(MailboxName mailbox) {
            try (var connection = connections.borrow(account(), Lane.SYNC)) {
                return connection.status(mailbox);
            }
        }

        private Account account() {
            return stored.account();
        }

        private boolean wants(EventType type) {
            return stored.content().events().contains(type);
        }

        private void add(EventType type, String id, @Nullable Now now) {
            if (wants(type)) {
                events.add(
                        DeliveredEvent.ofMailbox(
                                DeliveredEventType.of(type),
                                MailboxId.parse(id),
                                now == null ? null : now.state(),
                                now == null ? null : now.counts().messages(),
                                now == null ? null : now.counts().unseen(),
                                MailboxLook.key(stored, progress)));
            }
        }
    }
}
