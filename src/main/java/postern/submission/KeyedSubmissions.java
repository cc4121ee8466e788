package postern.submission;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.RequestNames;
import postern.compose.NewMessageId;
import postern.compose.SendOptions;
import postern.imap.Access;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.imap.Pause;
import postern.message.change.MessageLocks;
import postern.shared.SharedStateUnavailable;
import postern.smtp.Envelope;
import postern.smtp.Submission;
import postern.smtp.Submitter;
import postern.submission.DraftClaims.Standing;
import postern.web.idempotency.KeyedRequest;
import postern.web.idempotency.MessageTrail;
import postern.web.idempotency.RequestInProgress;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Sends new messages with an {@code Idempotency-Key} once, on whatever replica they are repeated.
 * The message is stored among the drafts before it is sent, with a Message-ID that follows from the
 * key, and is claimed there as a draft is. Every attempt looks for that Message-ID among the drafts
 * and then among the sent messages, in this order, since that is how the message moves. An attempt
 * that has stored its copy looks again before it claims it, and the lowest UID is sent: one that
 * was stored earlier is seen by everybody who stores later.
 *
 * <p>A request claims a copy before it removes it, so that nobody else is sending it. A request
 * whose own copy is the first unclaimed one waits until the claims on other copies are gone.
 * Otherwise several requests that remove their copies at once would each give up because of the
 * claims of the others.
 */
@Component
final class KeyedSubmissions {

    private static final Logger log = LoggerFactory.getLogger(KeyedSubmissions.class);

    private static final int TRIES = 3;

    /** How often a request looks for a claim to go, and the time between two looks. */
    private static final int MOST_LOOKS = 20;

    private static final Duration PAUSE = Duration.ofMillis(250);

    /** No request takes longer before it has claimed what it stored. */
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(10);

    private final RequestNames names;
    private final StoredDrafts mailboxes;
    private final StoredRequests stored;
    private final SentCopies copies;
    private final SubmissionServers servers;
    private final Envelopes envelopes;
    private final MessageSender sender;
    private final DraftClaims claims;
    private final Filing filing;
    private final MessageLocks locks;
    private final InstantSource clock = InstantSource.system();

    KeyedSubmissions(
            RequestNames names,
            StoredDrafts mailboxes,
            StoredRequests stored,
            SentCopies copies,
            SubmissionServers servers,
            Envelopes envelopes,
            MessageSender sender,
            DraftClaims claims,
            Filing filing,
            MessageLocks locks) {
        this.names = names;
        this.mailboxes = mailboxes;
        this.stored = stored;
        this.copies = copies;
        this.servers = servers;
        this.envelopes = envelopes;
        this.sender = sender;
        this.claims = claims;
        this.filing = filing;
        this.locks = locks;
    }

    /**
     * What is answered.
     *
     * @param repeated whether an earlier request has sent the message
     */
    record Answer(SentMessage message, boolean repeated) {}

    /** The drafts of this request and earlier ones of this process, left for its repetition. */
    private static final class Left {

        private final MessageTrail trail;
        private OwnDrafts drafts;

        Left(MessageTrail trail) {
            this.trail = trail;
            var earlier = trail.earlier(OwnDrafts.class);
            this.drafts = earlier == null ? OwnDrafts.NONE : earlier;
            trail.leave(drafts);
        }

        void add(MessageRef draft) {
            drafts = drafts.and(draft);
            trail.leave(drafts);
        }

        boolean contains(MessageRef draft) {
            return drafts.contains(draft);
        }
    }

    /** Another request was faster: what it did must be looked for. */
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Overtaken(@Nullable Throwable cause) {
            super("another request with this key was faster", cause, false, false);
        }
    }

    /**
     * All that the steps of one request need to know.
     *
     * @param ids the Message-IDs that it may have; a new one gets the first
     * @param made whether they follow from the key, so that no other request has used them
     * @param left what this process has stored; no other request of it is at it
     */
    private record Task(
            Account account,
            Submitter submitter,
            ReadyMessage message,
            SendOptions options,
            String fingerprint,
            List<String> ids,
            boolean made,
            MailboxName drafts,
            @Nullable MailboxName sent,
            Left left) {}

    /**
     * What the mailboxes have of the request.
     *
     * @param whole whether every message of both was read
     */
    private record Looked(StoredRequests.Found drafts, List<StoredRequest> sent, boolean whole) {}

    /** What the Message-ID of this request may begin with; a new one begins with the first. */
    List<String> names(Account account, KeyedRequest request) {
        return names.of(account, request.route(), request.key());
    }

    /**
     * @param names the {@link #names} of the request; a message with another Message-ID keeps it
     */
    Answer send(
            Account account,
            KeyedRequest request,
            List<String> names,
            Submitter submitter,
            ReadyMessage message,
            SendOptions options) {
        requireCopy(submitter, options);
        var own = message.messageId();
        var domain = envelopes.domain(message);
        var made =
                names.stream().map(name -> NewMessageId.named(name, account).with(domain)).toList();
        boolean follows = own == null || made.contains(own);
        var ids = follows ? made : List.of(own);
        message.addMissing(clock.instant(), ids.getFirst(), request.fingerprint());
        message.requireComplete();
        envelopes.of(account, message, options); // nothing is stored that cannot be sent
        var trail = Objects.requireNonNull(MessageTrail.current());
        var task =
                new Task(
                        account,
                        submitter,
                        message,
                        options,
                        request.fingerprint(),
                        ids,
                        follows,
                        drafts(account),
                        mailboxes.mailbox(account, MailboxRole.SENT),
                        new Left(trail));
        var answer = send(task);
        trail.finished();
        return answer;
    }

    /** Without a copy the mailbox would forget the message. */
    private void requireCopy(Submitter submitter, SendOptions options) {
        if (!servers.storesCopy(submitter.server(), options.saveCopy())
                && !servers.storesCopyItself(submitter.server())) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "only the copy tells later that a message with an `Idempotency-Key` was sent:"
                            + " send it without the key, or with a copy");
        }
    }

    private MailboxName drafts(Account account) {
        var drafts = mailboxes.mailbox(account, MailboxRole.DRAFTS);
        if (drafts == null) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "a message with an `Idempotency-Key` is stored among the drafts first, and no"
                            + " mailbox of this account has the role drafts");
        }
        return drafts;
    }

    private Answer send(Task task) {
        for (int tries = 1; tries <= TRIES; tries++) {
            var looked = look(task);
            var known = earlier(task, looked);
            try {
                if (known == null) {
                    return new Answer(submit(task, task.message(), null), false);
                }
                if (!isDraft(task, known) || standing(task, known) == Standing.SUBMITTED) {
                    return new Answer(repeated(task, looked, known), true);
                }
                return new Answer(goOn(task, looked.drafts(), known), false);
            } catch (Overtaken _) {
                // the next look tells what the other request did
            }
        }
        throw new RequestInProgress();
    }

    private Looked look(Task task) {
        var drafts = stored.find(task.account(), task.drafts(), Access.READ_WRITE, task.ids());
        var mailbox = task.sent();
        if (mailbox == null || mailbox.equals(task.drafts())) {
            return new Looked(drafts, List.of(), drafts.whole());
        }
        var sent = stored.find(task.account(), mailbox, Access.READ_ONLY, task.ids());
        return new Looked(drafts, sent.messages(), drafts.whole() && sent.whole());
    }

    /**
     * The stored message of this request: one that was sent, or else one that is claimed, or else
     * the first one. Null where there is none.
     */
    private @Nullable StoredRequest earlier(Task task, Looked looked) {
        var sent = looked.sent().stream().filter(each -> isOf(task, each)).toList();
        sent.forEach(each -> requireSame(task, each));
        if (!sent.isEmpty()) {
            return sent.getFirst();
        }
        var drafts =
                looked.drafts().messages().stream()
                        .filter(each ->
                                each.request() != null
                                        || task.made() && standing(task, each) != Standing.FREE)
                        .toList();
        drafts.forEach(each -> requireSame(task, each));
        var draft =
                drafts.stream()
                        .max(
                                Comparator.comparing((StoredRequest each) -> standing(task, each))
                                        .thenComparing(each -> -each.message().uid()))
                        .orElse(null);
        if (!looked.sent().isEmpty() && !storesCopy(task)) {
            requireSubmitted(task, draft);
        }
        return draft;
    }

    /**
     * Whether a message among the sent ones is this request's. One without the field of a request
     * is where its Message-ID follows from the key: the provider's copy has no such field. With a
     * Message-ID of the caller's, it may be any message, which the caller has stored or has sent to
     * others.
     */
    private static boolean isOf(Task task, StoredRequest sent) {
        return sent.request() != null || task.made();
    }

    /** Among the sent messages there may be the provider's copy of this message, or another one. */
    private void requireSubmitted(Task task, @Nullable StoredRequest draft) {
        if (draft == null || standing(task, draft) != Standing.SUBMITTED) {
            throw new ProblemException(
                    ProblemCode.SUBMISSION_UNKNOWN,
                    "a message with this Message-ID is among the sent messages, and nothing tells"
                            + " whether this request has sent it: look, and send it with another"
                            + " Message-ID if it has not");
        }
    }

    private boolean storesCopy(Task task) {
        return servers.storesCopy(task.submitter().server(), task.options().saveCopy());
    }

    private static void requireSame(Task task, StoredRequest found) {
        if (found.request() != null && !found.request().equals(task.fingerprint())) {
            throw new ProblemException(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED,
                    "`Idempotency-Key` or Message-ID came with another request before");
        }
    }

    private Standing standing(Task task, StoredRequest found) {
        return claims.standing(task.account(), found.message(), found.flags());
    }

    private static boolean isDraft(Task task, StoredRequest found) {
        return found.message().mailbox().equals(task.drafts());
    }

    /** Sends what an earlier request has stored and did not claim. */
    private SentMessage goOn(Task task, StoredRequests.Found drafts, StoredRequest draft) {
        if (standing(task, draft) == Standing.CLAIMED) {
            throw unknown("has begun to send the message, and did not tell how that ended");
        }
        // another process may have claimed what it has stored, or be about to
        boolean own = task.left().contains(draft.message());
        if (!drafts.lasting() && !own) {
            throw unknown("has stored the message, and the mailbox keeps no mark of what was sent");
        }
        if (!drafts.exclusive() && !own && mayBeRunning(draft)) {
            throw new RequestInProgress();
        }
        try (var message = mailboxes.read(task.account(), draft.message())) {
            message.requireComplete();
            return submit(task, message, draft.message());
        } catch (ImapException.MessageNotFound e) {
            throw new Overtaken(e);
        }
    }

    private boolean mayBeRunning(StoredRequest draft) {
        var received = draft.received();
        return received == null || received.isAfter(clock.instant().minus(LONGEST_REQUEST));
    }

    private static ProblemException unknown(String what) {
        return new ProblemException(
                ProblemCode.SUBMISSION_UNKNOWN,
                ("an earlier request with this `Idempotency-Key` %s; look among the sent messages,"
                                + " and send the draft with force=true if it is not there")
                        .formatted(what));
    }

    /**
     * @param draft the message, where it is stored already
     */
    private SentMessage submit(Task task, ReadyMessage message, @Nullable MessageRef draft) {
        var envelope = envelopes.of(task.account(), message, task.options());
        try (var claiming = new StoredClaiming(task, draft)) {
            var sent = send(task, envelope, message, claiming);
            var claim = claiming.taken();
            var unmarked = filing.failureOf(() -> claims.settle(claim));
            var filed = file(task, claim.draft(), message.messageId());
            return SentMessage.of(
                    message,
                    sent,
                    filed.copy(),
                    filed.draft().orUnmarked(unmarked),
                    filing.mark(task.account(), task.options(), message));
        }
    }

    /**
     * Nothing was sent after any exception but that of an unknown outcome. So what remains among
     * the drafts is no reason not to repeat the request.
     */
    private Submission send(
            Task task, Envelope envelope, ReadyMessage message, StoredClaiming claiming) {
        try {
            return sender.send(task.submitter(), envelope, message, claiming);
        } catch (ImapException e) {
            var code = ProblemCode.of(e);
            throw claiming.remains && code.retryable() ? remains(code, e) : e;
        } catch (SharedStateUnavailable e) {
            throw claiming.remains ? remains(ProblemCode.STORE_UNAVAILABLE, e) : e;
        }
    }

    private static ProblemException remains(ProblemCode code, RuntimeException reason) {
        var problem =
                new ProblemException(
                        code,
                        "the message was not sent, and may still be among the drafts; repeat the"
                                + " request with the same `Idempotency-Key`: "
                                + reason.getMessage());
        problem.initCause(reason);
        return problem;
    }

    /** Stores the message, if it is not, and claims it. */
    private final class StoredClaiming implements Claiming, AutoCloseable {

        private final Task task;
        private final @Nullable MessageRef draft;
        private MessageLocks.@Nullable Held lock;
        private DraftClaims.@Nullable Claim taken;

        /** Whether this request has stored the message, or may have. */
        private boolean stored;

        /** What it has stored; null where that is not known. */
        private @Nullable MessageRef own;

        /** Whether what it has stored could not be removed. */
        private boolean remains;

        StoredClaiming(Task task, @Nullable MessageRef draft) {
            this.task = task;
            this.draft = draft;
        }

        @Override
        public void take() {
            var message = draft == null ? storeFirst() : draft;
            lock = locks.take(task.account(), message);
            try {
                taken = claims.take(task.account(), message, null);
            } catch (ImapException.MessageNotFound | ImapException.MessageModified e) {
                throw new Overtaken(e);
            } catch (ProblemException e) {
                if (e.code() == ProblemCode.SUBMISSION_UNKNOWN
                        || e.code() == ProblemCode.ALREADY_SENT) {
                    throw new Overtaken(e);
                }
                throw e;
            }
        }

        DraftClaims.Claim taken() {
            return Objects.requireNonNull(taken);
        }

        /** Stores the message, and returns it if it is the one to be sent. */
        private MessageRef storeFirst() {
            own = store();
            if (own != null) {
                task.left().add(own);
            }
            var looked = lookAfterStoring();
            var first = Objects.requireNonNull(earlier(task, looked));
            for (int looks = 1;
                    looks < MOST_LOOKS && isClaimedByAnother(first) && isFirstFree(looked, own);
                    looks++) {
                Pause.of(PAUSE);
                looked = lookAfterStoring();
                first = Objects.requireNonNull(earlier(task, looked));
            }
            boolean free = isDraft(task, first) && standing(task, first) == Standing.FREE;
            if (own == null && free && looked.drafts().messages().size() > 1) {
                throw new RequestInProgress(); // which one is ours is not known
            }
            if (!free || own != null && !own.equals(first.message())) {
                throw new Overtaken(null);
            }
            if (own == null) {
                own = first.message(); // the only one
                task.left().add(own);
            }
            return own;
        }

        private Looked lookAfterStoring() {
            var looked = look(task);
            if (!looked.drafts().names(own) || !looked.drafts().searchable() && !looked.whole()) {
                throw StoredRequests.doubtful("does not find what was just stored");
            }
            return looked;
        }

        private boolean isClaimedByAnother(StoredRequest draft) {
            return isDraft(task, draft)
                    && !draft.message().equals(own)
                    && standing(task, draft) == Standing.CLAIMED;
        }

        private boolean isFirstFree(Looked looked, @Nullable MessageRef draft) {
            return looked.drafts().messages().stream()
                    .filter(each -> each.request() != null)
                    .filter(each -> standing(task, each) == Standing.FREE)
                    .findFirst()
                    .filter(each -> each.message().equals(draft))
                    .isPresent();
        }

        private @Nullable MessageRef store() {
            stored = true;
            try {
                return mailboxes.store(task.account(), task.drafts(), task.message());
            } catch (ImapException.OutcomeUnknown _) {
                throw new ProblemException(
                        ProblemCode.SERVER_UNREACHABLE,
                        "the connection ended while the message was stored among the drafts; it"
                                + " was not sent");
            } catch (RuntimeException e) {
                stored = false;
                throw e;
            }
        }

        /**
         * What this request has stored is removed, and so is what it has claimed. Where that fails,
         * its repetition must know which one it is.
         */
        @Override
        public boolean release() {
            remains = true;
            boolean gone =
                    taken != null
                            ? removed(taken)
                            : !stored || own != null && removeFree(task, own);
            remains = !gone;
            return gone;
        }

        @Override
        public void close() {
            if (taken != null) {
                claims.end(taken);
            }
            if (lock != null) {
                lock.close();
            }
        }
    }

    /** It is removed while it is claimed, so that nobody sends it meanwhile. */
    private boolean removed(DraftClaims.Claim claim) {
        var removed = filing.remove(claim.account(), claim.draft());
        claims.release(claim);
        return removed.outcome() == DraftResult.Outcome.REMOVED;
    }

    /** Returns whether it is gone. */
    private boolean removeFree(Task task, MessageRef draft) {
        try {
            var claim = claims.take(task.account(), draft, null);
            try {
                return removed(claim);
            } finally {
                claims.end(claim);
            }
        } catch (ImapException.MessageNotFound _) {
            return true;
        } catch (RuntimeException e) {
            log.info(
                    "a message that is not sent remains among the drafts: {}",
                    e.getClass().getSimpleName());
            return false;
        }
    }

    /** Moves what was sent to the sent messages, or removes it where the provider has its copy. */
    private Filing.Filed file(Task task, MessageRef draft, @Nullable String messageId) {
        if (storesCopy(task)) {
            // with another Message-ID only the field of a request tells later that it was sent
            return task.made()
                            && servers.mayStoreCopyItself(
                                    task.submitter().server(), task.options().saveCopy())
                    ? filing.moveIfAbsent(task.account(), draft, messageId)
                    : filing.move(task.account(), draft);
        }
        var copy = providerCopy(task);
        return copy == null
                ? new Filing.Filed(
                        CopyResult.without(CopyResult.Outcome.BY_PROVIDER),
                        new DraftResult(
                                DraftResult.Outcome.KEPT,
                                "the provider's copy is not there yet, and one must tell that the"
                                        + " message was sent"))
                : new Filing.Filed(
                        CopyResult.byProvider(copy.message()),
                        filing.remove(task.account(), draft));
    }

    private @Nullable StoredRequest providerCopy(Task task) {
        var sent = task.sent();
        return sent == null || sent.equals(task.drafts())
                ? null
                : copies.await(task.account(), sent, task.ids());
    }

    /** An earlier request has sent it. Finishes what that one may have left. */
    private SentMessage repeated(Task task, Looked looked, StoredRequest known) {
        var original = filing.mark(task.account(), task.options(), task.message());
        if (isDraft(task, known)) {
            var unmarked =
                    filing.failureOf(() -> claims.settleAgain(task.account(), known.message()));
            var filed = file(task, known.message(), known.messageId());
            return SentMessage.repeated(
                    known.messageId(), filed.copy(), filed.draft().orUnmarked(unmarked), original);
        }
        var message = known.message();
        var copy =
                known.request() != null
                        ? CopyResult.stored(message, message.mailbox())
                        : CopyResult.byProvider(message);
        return SentMessage.repeated(known.messageId(), copy, removeRest(task, looked), original);
    }

    /** Removes what requests have stored that did not know of the one that has sent it. */
    private @Nullable DraftResult removeRest(Task task, Looked looked) {
        DraftResult result = null;
        for (var each : looked.drafts().messages()) {
            if (each.request() == null) {
                continue;
            }
            if (standing(task, each) == Standing.FREE) {
                removeFree(task, each.message());
            } else {
                result = filing.remove(task.account(), each.message());
            }
        }
        return result;
    }
}
