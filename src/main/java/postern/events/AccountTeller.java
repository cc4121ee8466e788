package postern.events;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.Account;
import postern.account.AccountTag;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.watch.AccountHints;
import postern.imap.watch.Listening;
import postern.imap.watch.Marks;
import postern.imap.watch.RenamedMailbox;
import postern.shared.SharedStateUnavailable;
import postern.web.id.EventId;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;

/**
 * Tells which mailboxes of an account changed, and which were created, renamed and removed. It
 * compares counters: those of a few mailboxes by themselves, else all of them by one list.
 */
final class AccountTeller implements Teller<AccountTeller.Mark> {

    private static final Logger log = LoggerFactory.getLogger(AccountTeller.class);

    /** More events than this are found out by the client itself. */
    private static final int MOST = 1_000;

    /** More mailboxes than this are not looked at one by one. */
    private static final int MOST_BY_THEMSELVES = 3;

    /** Each state is a look into the mailbox. */
    private static final int MOST_STATES = 10;

    private static final int MOST_RENAMES = 100;
    private static final int MOST_SEEN = 1_000;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    /** The octets of an id that becomes no longer than a KB of text. */
    private static final int MOST_OCTETS = 740;

    private static final byte EXACT = 'a';
    private static final byte BUCKETS = 'b';

    private final EventStreams streams;
    private final Account account;
    private final Marks<Mark> marks = new Marks<>();
    private final Retries retries = new Retries();
    private final Set<RenamedMailbox> renames = new LinkedHashSet<>();
    private final Map<Long, MailboxName> seen = new HashMap<>();

    /** Of those told: which ones a list has shown since something was told. */
    private final Set<Long> seenAgain = ConcurrentHashMap.newKeySet();

    /** What the client has been told; null where that is not known exactly. */
    private volatile @Nullable AccountDigest told;

    /** The same of many mailboxes, where no more than that is known. */
    private @Nullable AccountBuckets toldRoughly;

    /**
     * What may have changed.
     *
     * @param mailbox null for the account as a whole
     * @param gap whether there was a time of which nobody hinted at anything
     */
    record Mark(@Nullable MailboxName mailbox, boolean gap) {
        static final Mark EVERYTHING = new Mark(null, false);
        static final Mark GAP = new Mark(null, true);

        static Mark of(MailboxName mailbox) {
            return new Mark(mailbox, false);
        }
    }

    private record Frame(String type, Object data) {}

    AccountTeller(EventStreams streams, Account account) {
        this.streams = streams;
        this.account = account;
    }

    @Override
    public Marks<Mark> marks() {
        return marks;
    }

    @Override
    public Listening listen() {
        return streams.watches().listenToEverything(account, hints());
    }

    AccountHints hints() {
        return new Hints();
    }

    private final class Hints implements AccountHints {

        @Override
        public void messagesMayHaveChanged(MailboxName mailbox) {
            marks.mark(Mark.of(mailbox));
        }

        @Override
        public void mailboxesMayHaveChanged(@Nullable RenamedMailbox renamed) {
            if (renamed != null) {
                remember(renamed);
            }
            marks.mark(Mark.EVERYTHING);
        }

        @Override
        public void seen(MailboxName mailbox) {
            long key = AccountDigest.key(AccountTag.of(account), mailbox);
            var known = told;
            if (known != null && known.find(key) != null) {
                // Dovecot lists a mailbox for a moment after it was deleted. Once for each: a look
                // lists them as well, and would call for the next one.
                if (seenAgain.add(key)) {
                    marks.retry(Set.of(Mark.EVERYTHING), LOOK_AGAIN);
                }
                return;
            }
            synchronized (seen) {
                if (seen.size() < MOST_SEEN) {
                    seen.put(key, mailbox);
                }
            }
            marks.mark(Mark.EVERYTHING);
        }

        @Override
        public void anythingMayHaveChanged() {
            marks.mark(Mark.GAP);
        }
    }

    /** Mailboxes that a client may know from a list, and that were never told and are gone. */
    private static List<Frame> goneUntold(
            Map<Long, MailboxName> seen, AccountDigest before, AccountDigest now) {
        return seen.entrySet().stream()
                .filter(it -> before.find(it.getKey()) == null && now.find(it.getKey()) == null)
                .map(it -> MailboxId.of(it.getValue()).text())
                .map(id -> new Frame("mailbox.removed", new MailboxRemoved(id)))
                .toList();
    }

    /** Those seen before a list. One that is seen later may be gone by the next list alone. */
    private Map<Long, MailboxName> takeSeen() {
        synchronized (seen) {
            var taken = Map.copyOf(seen);
            seen.clear();
            return taken;
        }
    }

    private void giveBackSeen(Map<Long, MailboxName> taken) {
        synchronized (seen) {
            taken.forEach(seen::putIfAbsent);
        }
    }

    private void remember(RenamedMailbox renamed) {
        synchronized (renames) {
            if (renames.size() < MOST_RENAMES) {
                renames.add(renamed);
            }
        }
    }

    private List<RenamedMailbox> takeRenames() {
        synchronized (renames) {
            var taken = List.copyOf(renames);
            renames.clear();
            return taken;
        }
    }

    @Override
    public void resume(String lastEventId) {
        told = null;
        toldRoughly = null;
        try {
            var in = EventId.parse(lastEventId).payload();
            byte kind = in.hasRemaining() ? in.get() : 0;
            if (kind == EXACT) {
                told = AccountDigest.readFrom(in);
            } else if (kind == BUCKETS) {
                toldRoughly = AccountBuckets.readFrom(in);
            }
        } catch (IllegalArgumentException _) {
            // A browser would never connect again if it were refused.
        }
    }

    @Override
    public void begin(boolean resumes) {
        if (resumes) {
            marks.mark(Mark.GAP);
        } else {
            told = AccountDigest.of(account, list().mailboxes());
        }
    }

    @Override
    public @Nullable EventId id() {
        var known = told;
        if (known == null) {
            return null;
        }
        var out = new ByteArrayOutputStream();
        if (1 + known.mailboxes().size() * AccountDigest.EACH <= MOST_OCTETS) {
            out.write(EXACT);
            known.writeTo(out);
        } else {
            out.write(BUCKETS);
            AccountBuckets.of(known).writeTo(out);
        }
        return EventId.of(out);
    }

    @Override
    public void tell(Mark first, EventOutput output) throws IOException {
        var due = new HashSet<>(marks.takeAll());
        due.add(first);
        try {
            if (due.size() > MOST_BY_THEMSELVES || !tellSome(due, output)) {
                tellAll(due, output);
            }
            retries.succeeded();
        } catch (ImapException failure) {
            StreamOver.throwIfRefused(failure);
            log.debug("no changes of an account: {}", failure.getClass().getSimpleName());
            tellLater(due);
        } catch (SharedStateUnavailable _) {
            log.debug("no changes of an account: the store is away");
            tellLater(due);
        }
    }

    /** Counters do not show every change, so that each mailbox stays marked. */
    private void tellLater(Set<Mark> due) {
        due.add(Mark.EVERYTHING);
        marks.retry(due, retries.failed());
    }

    /** Looks at a few mailboxes; false where a list is needed. */
    private boolean tellSome(Set<Mark> due, EventOutput output) throws IOException {
        var before = told;
        if (before == null || due.stream().anyMatch(mark -> mark.mailbox() == null)) {
            return false;
        }
        var tag = AccountTag.of(account);
        var now = before;
        var changed = new ArrayList<ChangedMailbox>();
        boolean quick;
        try (var connection = streams.connections().borrow(account, Lane.INTERACTIVE)) {
            quick = connection.capabilities().qresync();
            for (var mark : due) {
                var mailbox = mark.mailbox();
                var known =
                        mailbox == null || !mailbox.located()
                                ? null
                                : before.find(AccountDigest.key(tag, mailbox));
                if (mailbox == null || known == null || known.id() == null) {
                    return false;
                }
                var status = connection.status(mailbox);
                var counted = known.counting(status);
                if (counted.counters() != known.counters() || isBlind(status)) {
                    changed.add(new ChangedMailbox(mailbox, status));
                    now = now.with(counted);
                }
            }
        } catch (ImapException.MailboxNotFound
                | ImapException.NotPossible
                | ImapException.PermissionDenied
                | ImapException.OutOfScope _) {
            return false;
        }
        tell(framesOf(changed, quick), now, output);
        return true;
    }

    /** A mailbox that is not as the client knows it. */
    private record ChangedMailbox(MailboxName name, @Nullable MailboxStatus status) {}

    /** Without mod-sequences the counters do not show keywords that changed. */
    private static boolean isBlind(@Nullable MailboxStatus status) {
        return status == null || status.highestModSeq() == null || status.highestModSeq() == 0;
    }

    /** Whether it may be another one although its counters are the same. */
    private static boolean mayHaveChangedUnseen(ListedMailbox mailbox, Set<Mark> due) {
        var status = mailbox.status();
        return isBlind(status)
                && (due.contains(Mark.of(mailbox.name()))
                        || due.contains(Mark.GAP) && !isEmpty(status));
    }

    private static boolean isEmpty(@Nullable MailboxStatus status) {
        return status != null && status.messages() != null && status.messages() == 0;
    }

    private record Listed(List<ListedMailbox> mailboxes, boolean quick) {}

    private Listed list() {
        try (var connection = streams.connections().borrow(account, Lane.INTERACTIVE)) {
            var listed =
                    connection.list(Set.of(ListItem.COUNTS)).stream()
                            .filter(ListedMailbox::selectable)
                            .toList();
            return new Listed(listed, connection.capabilities().qresync());
        }
    }

    private void tellAll(Set<Mark> due, EventOutput output) throws IOException {
        var known = takeRenames();
        var seenBefore = takeSeen();
        AccountDigest now;
        @Nullable List<Frame> frames;
        try {
            var list = list();
            now = AccountDigest.of(account, list.mailboxes());
            frames = frames(due, known, seenBefore, list, now);
        } catch (ImapException | SharedStateUnavailable failure) {
            known.forEach(this::remember);
            giveBackSeen(seenBefore);
            throw failure;
        }
        if (frames == null || frames.size() > MOST) {
            output.event("resync", streams.json(new Resync(null)), null);
            told = now;
            toldRoughly = null;
        } else {
            tell(frames, now, output);
        }
    }

    private void tell(List<Frame> frames, AccountDigest now, EventOutput output)
            throws IOException {
        told = now;
        toldRoughly = null;
        if (!frames.isEmpty()) {
            seenAgain.clear();
        }
        for (int i = 0; i < frames.size(); i++) {
            var frame = frames.get(i);
            boolean last = i == frames.size() - 1;
            output.event(frame.type(), streams.json(frame.data()), last ? id() : null);
        }
    }

    /** Null where it is not known what the client has been told. */
    private @Nullable List<Frame> frames(
            Set<Mark> due,
            List<RenamedMailbox> renamed,
            Map<Long, MailboxName> seenBefore,
            Listed list,
            AccountDigest now) {
        var tag = AccountTag.of(account);
        var before = told;
        var rough = toldRoughly;
        if (rough != null) {
            var roughly = AccountBuckets.of(now);
            return rough.structure() == roughly.structure()
                    ? changed(
                            list,
                            mailbox ->
                                    rough.differs(roughly, AccountDigest.key(tag, mailbox.name()))
                                            || mayHaveChangedUnseen(mailbox, due))
                    : null;
        }
        if (before == null) {
            return null;
        }
        var difference = AccountDifference.of(tag, before, now, list.mailboxes(), renamed);
        if (difference == null) {
            return null;
        }
        // First, since it asks the mail server: where it fails, all is told by the next look.
        var changed =
                changed(
                        list,
                        mailbox ->
                                difference.changed().contains(mailbox)
                                        || difference.kept().contains(mailbox)
                                                && mayHaveChangedUnseen(mailbox, due));
        var frames = new ArrayList<Frame>();
        difference.renamed().forEach(it -> frames.add(new Frame("mailbox.renamed", it)));
        difference.removed().forEach(it -> frames.add(new Frame("mailbox.removed", it)));
        frames.addAll(goneUntold(seenBefore, before, now));
        difference.created().forEach(it -> frames.add(new Frame("mailbox.created", it)));
        frames.addAll(changed);
        return frames;
    }

    private List<Frame> changed(Listed list, Predicate<ListedMailbox> isChanged) {
        var changed =
                list.mailboxes().stream()
                        .filter(isChanged)
                        .map(it -> new ChangedMailbox(it.name(), it.status()))
                        .toList();
        return framesOf(changed, list.quick());
    }

    private List<Frame> framesOf(List<ChangedMailbox> changed, boolean quick) {
        boolean withStates = quick && changed.size() <= MOST_STATES;
        return changed.stream()
                .map(it -> {
                    var state = withStates ? state(it.name()) : null;
                    return new Frame(
                            "mailbox.changed", MailboxChanged.of(it.name(), it.status(), state));
                })
                .toList();
    }

    private @Nullable SyncState state(MailboxName mailbox) {
        try {
            return streams.now(account, mailbox);
        } catch (ImapException.MailboxNotFound
                | ImapException.MailboxReset
                | ImapException.PermissionDenied
                | ImapException.OutOfScope
                | ImapException.NotPossible _) {
            return null;
        }
    }
}
