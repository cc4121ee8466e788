package postern.submission;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.Scope;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.shared.SharedStateUnavailable;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Claims drafts, so that of several requests, on any replica, one sends. The draft itself bears the
 * claim: {@code $SubmitPending} from before the message leaves, and {@code $Submitted} once the
 * submission server has taken it (RFC 5550 §5.10). A crash in between leaves the first one alone,
 * which says that nobody knows.
 *
 * <p>With CONDSTORE (RFC 7162) the mail server lets one of several claims win. Elsewhere, and where
 * the mailbox keeps no keywords, the shared state does.
 */
@Component
final class DraftClaims {

    static final Flag PENDING = new Flag("$SubmitPending");
    static final Flag SUBMITTED = new Flag("$Submitted");

    private static final Logger log = LoggerFactory.getLogger(DraftClaims.class);

    private static final FetchItems STATE = FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);

    /** Longer than any request; where there are no keywords, it is all that is known. */
    private static final Duration REMEMBERED = Duration.ofDays(7);

    /** How long it is known of a draft that was moved or removed that it was sent. */
    private static final Duration KNOWN_AS_SENT = Duration.ofDays(1);

    /** Longer than it takes to send the largest message; a gateway that died says nothing. */
    private static final Duration LONGEST_SENDING = Duration.ofMinutes(15);

    private static final byte PENDING_CODE = 1;
    private static final byte[] IS_SUBMITTED = {2};
    private static final int NONCE = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What the shared state knows of a draft: what became of it, and whether it is being sent. */
    private static final String CLAIM = "";

    private static final String RUNNING = "\nrunning";

    /** Other clients change flags, too. */
    private static final int TRIES = 3;

    private final ImapConnections connections;
    private final SharedState state;

    DraftClaims(ImapConnections connections, SharedState state) {
        this.connections = connections;
        this.state = state;
    }

    /**
     * A claim that was taken.
     *
     * @param keywords whether the draft bears it
     * @param shared what the shared state has of it, and of no other claim; null where the draft
     *     alone bears it
     * @param running what the shared state says while a request sends under it
     */
    record Claim(
            Account account,
            MessageRef draft,
            boolean keywords,
            byte @Nullable [] shared,
            String running) {}

    /**
     * What a request has found before it claims a draft by force. Its claim replaces this one and
     * no later one, so that of two such requests at once one sends.
     *
     * @param pending whether the draft bears a claim
     * @param modSeq null where the mail server counts no changes
     * @param shared what the shared state has
     */
    record Looked(boolean pending, @Nullable Long modSeq, byte @Nullable [] shared) {}

    /** Throws a 409 where the draft was sent, or may have been, and a 422 where it is no draft. */
    Looked requireUnsent(Account account, MessageRef draft, boolean draftsMailbox, boolean force) {
        var known = shared(account, draft);
        requireUnsent(known, force);
        try (var mailbox = connections.select(account, draft, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var found = mailbox.fetch(draft.uid(), STATE);
            var flags = flags(found);
            if (!flags.contains(Flag.DRAFT) && !flags.contains(SUBMITTED) && !draftsMailbox) {
                throw noDraft(account, "sent");
            }
            requireUnsent(flags, force);
            return new Looked(flags.contains(PENDING), found.modSeq(), known);
        }
    }

    /** Without that scope it does not count that the message is among the drafts. */
    private static ImapException noDraft(Account account, String what) {
        var text =
                account.limits().permits(Scope.DELETE)
                        ? "only a draft can be %s"
                        : "only what has `$draft` can be %s, for a token without the scope `delete`";
        return new ImapException.NotPossible(text.formatted(what), null);
    }

    private static Set<Flag> flags(FetchedMessage message) {
        return message.flags() == null ? Set.of() : message.flags();
    }

    private static void requireUnsent(Set<Flag> flags, boolean force) {
        if (flags.contains(SUBMITTED)) {
            throw alreadySent();
        }
        if (flags.contains(PENDING) && !force) {
            throw unknown();
        }
    }

    private static void requireUnsent(byte @Nullable [] known, boolean force) {
        if (known != null && known[0] == IS_SUBMITTED[0]) {
            throw alreadySent();
        }
        if (known != null && !force) {
            throw unknown();
        }
    }

    /** What is known of a stored message. */
    enum Standing {
        FREE,
        CLAIMED,
        SUBMITTED
    }

    Standing standing(Account account, MessageRef draft, Set<Flag> flags) {
        var known = shared(account, draft);
        if (flags.contains(SUBMITTED) || known != null && known[0] == IS_SUBMITTED[0]) {
            return Standing.SUBMITTED;
        }
        return flags.contains(PENDING) || known != null ? Standing.CLAIMED : Standing.FREE;
    }

    /** Whether a claim outlives this process. */
    boolean lasting(SelectedMailbox mailbox) {
        return keeps(mailbox) || state.durable();
    }

    /** Whether of two claims on different replicas one wins. */
    boolean exclusive(SelectedMailbox mailbox) {
        return keeps(mailbox) && counts(mailbox) || state.durable();
    }

    private static boolean keeps(SelectedMailbox mailbox) {
        return mailbox.state().keeps(PENDING) && mailbox.state().keeps(SUBMITTED);
    }

    private static boolean counts(SelectedMailbox mailbox) {
        return mailbox.capabilities().unchangedSince() && mailbox.state().highestModSeq() != null;
    }

    /**
     * Finishes what {@link #settle} has begun and a crash has interrupted: the draft bears its
     * lasting mark.
     */
    void settleAgain(Account account, MessageRef draft) {
        try (var mailbox = open(account, draft)) {
            settled(mailbox, UidSet.of(draft.uid()), keeps(mailbox));
        }
    }

    private static void settled(SelectedMailbox mailbox, UidSet uid, boolean keywords) {
        if (keywords) {
            mailbox.store(uid, FlagChange.add(SUBMITTED, Flag.SEEN));
            mailbox.store(uid, FlagChange.remove(PENDING, Flag.DRAFT));
        } else {
            mailbox.store(uid, new FlagChange(Set.of(Flag.SEEN), Set.of(Flag.DRAFT)));
        }
    }

    private static ProblemException alreadySent() {
        return new ProblemException(ProblemCode.ALREADY_SENT, "the draft has been sent before");
    }

    private static ProblemException unknown() {
        return new ProblemException(
                ProblemCode.SUBMISSION_UNKNOWN,
                "another request is sending the draft, or began to and did not tell how it ended;"
                        + " look among the sent messages, and send it with force=true if it is not"
                        + " there");
    }

    /**
     * The caller holds the lock of the draft, and no connection. Throws the same problems. Whatever
     * becomes of the message, {@link #end} follows.
     *
     * @param forced what was found, where an earlier claim is to be replaced
     */
    Claim take(Account account, MessageRef draft, @Nullable Looked forced) {
        var running = UUID.randomUUID().toString();
        // a claim is replaced only when nobody is sending under it any more
        if (!runs(account, draft, null, running)) {
            throw unknown();
        }
        boolean taken = false;
        try {
            var claim = claim(account, draft, forced, running);
            taken = true;
            return claim;
        } finally {
            if (!taken) {
                endRunning(account, draft, running);
            }
        }
    }

    /**
     * Nothing is sent under this claim any more. Never throws: the message may be sent, and then a
     * failure must not be the answer.
     */
    void end(Claim claim) {
        endRunning(claim.account(), claim.draft(), claim.running());
    }

    private void endRunning(Account account, MessageRef draft, String running) {
        try {
            runs(account, draft, running, null);
        } catch (SharedStateUnavailable e) {
            log.warn("a draft counts as being sent for {}: {}", LONGEST_SENDING, e.getMessage());
        }
    }

    private boolean runs(
            Account account, MessageRef draft, @Nullable String from, @Nullable String to) {
        return state.compareAndSet(
                SharedArea.SUBMISSIONS,
                key(account, draft, RUNNING),
                from == null ? null : from.getBytes(US_ASCII),
                to == null ? null : to.getBytes(US_ASCII),
                LONGEST_SENDING);
    }

    private Claim claim(Account account, MessageRef draft, @Nullable Looked force, String running) {
        try (var mailbox = open(account, draft)) {
            boolean keywords = keeps(mailbox);
            boolean counts = counts(mailbox);
            var shared = keywords && counts ? null : share(account, draft, force);
            if (keywords) {
                boolean taken = false;
                try {
                    mark(mailbox, draft, counts, force);
                    taken = true;
                } finally {
                    if (!taken) {
                        forget(account, draft, shared);
                    }
                }
            }
            return new Claim(account, draft, keywords, shared, running);
        }
    }

    private byte[] share(Account account, MessageRef draft, @Nullable Looked force) {
        requireUnsent(shared(account, draft), force != null);
        var pending = pending();
        if (!state.compareAndSet(
                SharedArea.SUBMISSIONS,
                key(account, draft, CLAIM),
                force == null ? null : force.shared(),
                pending,
                REMEMBERED)) {
            throw unknown();
        }
        return pending;
    }

    /** No two are alike, so that one which has replaced another is not taken for it. */
    private static byte[] pending() {
        var value = new byte[1 + NONCE];
        RANDOM.nextBytes(value);
        value[0] = PENDING_CODE;
        return value;
    }

    private static void mark(
            SelectedMailbox mailbox, MessageRef draft, boolean counts, @Nullable Looked force) {
        var uid = UidSet.of(draft.uid());
        var replaceable = force != null && force.pending() ? force.modSeq() : null;
        for (int tries = 1; ; tries++) {
            var before = mailbox.fetch(draft.uid(), STATE);
            boolean counted = counts && force != null && force.modSeq() != null;
            requireUnsent(flags(before), force != null && (!counted || replaceable != null));
            var modSeq = before.modSeq();
            if (!counts || modSeq == null) {
                mailbox.store(uid, FlagChange.add(PENDING));
                return;
            }
            try {
                if (flags(before).contains(PENDING) && replaceable != null) {
                    // to set it once more would change nothing, so that two could win
                    mailbox.store(uid, FlagChange.remove(PENDING), replaceable);
                    replaceable = null;
                } else {
                    mailbox.store(uid, FlagChange.add(PENDING), modSeq);
                    return;
                }
            } catch (ImapException.MessageModified e) {
                if (tries == TRIES) {
                    throw e;
                }
                if (flags(before).contains(PENDING)) {
                    throw unknown(); // perhaps another forced request was faster
                }
            }
        }
    }

    /** The message has certainly not been sent. Returns whether the draft is free again. */
    boolean release(Claim claim) {
        boolean forgotten = forget(claim.account(), claim.draft(), claim.shared());
        if (!claim.keywords()) {
            return forgotten;
        }
        try (var mailbox = open(claim.account(), claim.draft())) {
            mailbox.store(UidSet.of(claim.draft().uid()), FlagChange.remove(PENDING));
            return forgotten;
        } catch (ImapException e) {
            log.warn("a draft that was not sent still bears $SubmitPending: {}", e.getMessage());
            return false;
        }
    }

    /**
     * The message has been sent. Sets the lasting mark before it takes away the other, and makes it
     * no draft any more.
     */
    void settle(Claim claim) {
        rememberSent(claim.account(), claim.draft());
        try {
            if (claim.shared() != null) {
                state.put(
                        SharedArea.SUBMISSIONS,
                        key(claim.account(), claim.draft(), CLAIM),
                        IS_SUBMITTED,
                        REMEMBERED);
            }
        } finally {
            // the draft is marked also where the shared state cannot be
            var uid = UidSet.of(claim.draft().uid());
            try (var mailbox = open(claim.account(), claim.draft())) {
                settled(mailbox, uid, claim.keywords());
            }
        }
    }

    /**
     * The user says that the draft is sent, by whatever program. The caller holds the lock of the
     * draft. Throws a 422 where it is no draft.
     */
    void declareSent(Account account, MessageRef draft, boolean draftsMailbox) {
        try (var mailbox = open(account, draft)) {
            var flags = flags(mailbox.fetch(draft.uid(), STATE));
            boolean known = shared(account, draft) != null;
            if (!flags.contains(Flag.DRAFT)
                    && !flags.contains(PENDING)
                    && !flags.contains(SUBMITTED)
                    && !draftsMailbox
                    && !known) {
                throw noDraft(account, "marked as sent");
            }
            boolean keywords = keeps(mailbox);
            if (known || !keywords || !counts(mailbox)) {
                state.put(
                        SharedArea.SUBMISSIONS,
                        key(account, draft, CLAIM),
                        IS_SUBMITTED,
                        REMEMBERED);
            }
            rememberSent(account, draft);
            settled(mailbox, UidSet.of(draft.uid()), keywords);
        }
    }

    /**
     * Remembers that the draft was sent. The mailbox cannot say so later, since the draft is moved
     * or removed. If the store is lost it is only logged, since the send still has to be finished.
     */
    private void rememberSent(Account account, MessageRef draft) {
        try {
            state.put(
                    SharedArea.SENT_DRAFTS,
                    key(account, draft, CLAIM),
                    IS_SUBMITTED,
                    KNOWN_AS_SENT);
        } catch (SharedStateUnavailable e) {
            log.info("a draft that was sent is not remembered: {}", e.getMessage());
        }
    }

    /**
     * Does something with a draft. Where it is not found although it is known that it was sent,
     * that is the answer: otherwise the caller would think that it was not.
     */
    <T> T ifThere(Account account, MessageRef draft, Supplier<T> use) {
        try {
            return use.get();
        } catch (ImapException.MessageNotFound
                | ImapException.MailboxNotFound
                | ImapException.MailboxReset e) {
            throw state.get(SharedArea.SENT_DRAFTS, key(account, draft, CLAIM)) == null
                    ? e
                    : alreadySent();
        }
    }

    private SelectedMailbox open(Account account, MessageRef draft) {
        return connections.select(account, draft, Access.READ_WRITE, Lane.INTERACTIVE);
    }

    private byte @Nullable [] shared(Account account, MessageRef draft) {
        return state.get(SharedArea.SUBMISSIONS, key(account, draft, CLAIM));
    }

    /**
     * Removes this claim alone: the user may have said meanwhile that the draft is sent. Returns
     * whether it does not stand any more.
     */
    private boolean forget(Account account, MessageRef draft, byte @Nullable [] claimed) {
        if (claimed == null) {
            return true;
        }
        try {
            state.compareAndSet(
                    SharedArea.SUBMISSIONS, key(account, draft, CLAIM), claimed, null, REMEMBERED);
            return true;
        } catch (SharedStateUnavailable e) {
            log.warn("a draft that was not sent is still claimed: {}", e.getMessage());
            return false;
        }
    }

    /**
     * @param what {@link #CLAIM} or {@link #RUNNING}
     */
    private static String key(Account account, MessageRef draft, String what) {
        return AccountKey.of(account)
                .sharedName(
                        "%s\n%d\n%d%s"
                                .formatted(
                                        draft.mailbox().wire(),
                                        draft.uidValidity(),
                                        draft.uid(),
                                        what));
    }
}
