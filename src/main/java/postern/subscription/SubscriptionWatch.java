package postern.subscription;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.OAuthGrant;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.watch.Listening;
import postern.imap.watch.Marks;
import postern.shared.SharedStateUnavailable;
import postern.subscription.ProgressStore.Claim;
import postern.subscription.SubscriptionStore.Stored;
import postern.web.id.MailboxId;
import postern.web.problem.ProblemException;

/**
 * Watches for one subscription and delivers, on a virtual thread of its own. What was told is
 * written when it has been delivered: a delivery whose answer is lost is made again.
 */
final class SubscriptionWatch {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionWatch.class);

    /** What is marked where the whole account is watched. */
    private static final MailboxName ACCOUNT = MailboxName.INBOX;

    /** A look at an account is followed by a rest of this many times its own duration. */
    private static final int REST = 9;

    private static final Duration SHORTEST_REST = Duration.ofMillis(200);

    /** What nothing hints at is looked for seldom where that takes the mail server long. */
    private static final int POLL = 99;

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration MAIL_RETRY = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 5;

    /** After that many it is looked whether the app has changed the subscription. */
    private static final int MOST_DELIVERIES = 20;

    /** A token of a grant may be refused while another replica gets the next one. */
    private static final int REFUSED_TOKENS = 3;

    private final String id;
    private final SubscriptionTools tools;
    private final BooleanSupplier leased;
    private final Marks<MailboxName> marks = new Marks<>();
    private final HintedMailboxes hinted = new HintedMailboxes(() -> marks.mark(ACCOUNT));
    private final Map<MailboxName, MailboxId> watched = new HashMap<>();
    private final CountDownLatch done = new CountDownLatch(1);

    // Of the thread that watches.
    private @Nullable Listening listening;
    private @Nullable Batch pending;
    private long pendingSince;
    private long generation = -1;
    private @Nullable Long listenedAt;
    private int mailFailures;
    private int refusedTokens;
    private Duration pause = Duration.ZERO;

    /**
     * @param leased whether this replica is the one that watches
     */
    SubscriptionWatch(String id, SubscriptionTools tools, BooleanSupplier leased) {
        this.id = id;
        this.tools = tools;
        this.leased = leased;
    }

    void wake() {
        marks.wake();
    }

    void end() {
        marks.end();
    }

    boolean done() {
        return done.getCount() == 0;
    }

    void awaitEnd(Duration most) throws InterruptedException {
        boolean ended = done.await(most.toNanos(), TimeUnit.NANOSECONDS);
        if (!ended) {
            log.debug("a delivery is still on its way");
        }
    }

    void run() {
        try {
            watch();
        } catch (ProgressStore.Superseded _) {
            log.debug("another replica watches for a subscription");
        } catch (SharedStateUnavailable _) {
            // It begins anew with the progress that was written, as soon as the store answers.
            log.debug("the store is away: watching for a subscription ends");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("watching for a subscription failed: {}", e.getClass().getName());
        } finally {
            stopListening(false);
            done.countDown();
        }
    }

    private void watch() throws InterruptedException {
        var stored = tools.store.find(id);
        if (stored == null) {
            return;
        }
        if (!stored.newestKey()) {
            // Before its progress: who can open the one can open the other.
            tools.store.sealAnew(stored);
        }
        var claim = tools.progress.claim(id, stored.content().expiresAt());
        while (stored != null && goesOn() && !claim.progress().dormant(stored.content())) {
            begin(stored, claim);
            pause = Duration.ZERO;
            step(stored, claim);
            await(shorter(pause(claim), tools.properties.look()));
            stored = tools.store.find(id);
        }
    }

    private void await(Duration most) throws InterruptedException {
        if (pending == null && pause.isZero()) {
            marks.await(most);
        } else {
            marks.awaitAnythingElse(most);
        }
    }

    private boolean goesOn() {
        return !marks.ended() && leased.getAsBoolean();
    }

    /** How long there is nothing to do but to look whether the subscription has changed. */
    private Duration pause(Claim claim) {
        if (!pause.isZero()) {
            return pause;
        }
        var again = claim.progress().retryAt();
        var wait = again == null ? null : Duration.between(tools.now(), again);
        return wait == null || wait.isNegative() ? tools.properties.look() : wait;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Takes over what an app has changed of the subscription. */
    private void begin(Stored stored, Claim claim) {
        var content = stored.content();
        if (!stored.newestKey()) {
            tools.store.sealAnew(stored);
            claim.write(claim.progress(), content.expiresAt());
        }
        if (content.generation() == generation) {
            return;
        }
        boolean first = generation < 0;
        generation = content.generation();
        var progress = claim.progress();
        boolean resumes = progress.pause() != null && !progress.paused(content);
        if (resumes || (!first && progress.failures() > 0)) {
            claim.write(progress.resumed(), content.expiresAt());
        }
        pending = null;
        refusedTokens = 0;
        mailFailures = 0;
        stopListening(false);
    }

    private void step(Stored stored, Claim claim) {
        var again = claim.progress().retryAt();
        if (again != null && tools.now().isBefore(again)) {
            return;
        }
        try {
            if (pending == null) {
                pending = next(stored, claim);
            }
            for (int i = 0;
                    i < MOST_DELIVERIES && pending != null && goesOn() && deliver(claim, pending);
                    i++) {
                pending = next(stored, claim);
            }
        } catch (ImapException failure) {
            failed(stored, claim, failure);
        }
    }

    /** Null where there is nothing to deliver now. */
    private @Nullable Batch next(Stored stored, Claim claim) {
        var content = stored.content();
        var progress = claim.progress();
        pendingSince = System.nanoTime();
        if (progress.pause() != null && progress.paused(content)) {
            return progress.pause().untold() ? pauseEvent(content, progress) : null;
        }
        if (!tools.permitted(stored)) {
            pause(stored, claim, PauseReason.SESSION_ENDED, true);
            return pauseEvent(content, claim.progress());
        }
        if (!content.expiresAt().equals(progress.expiryTold())
                && !tools.now().isBefore(content.expiringAt(tools.properties.expiring()))) {
            var end = content.expiresAt();
            var event =
                    DeliveredEvent.ofSubscription(
                            DeliveredEventType.SUBSCRIPTION_EXPIRING,
                            end,
                            null,
                            id + content.generation());
            return Batch.of(id, event, progress.toldOfExpiry(end));
        }
        try {
            listen(stored);
        } catch (ImapException failure) {
            pause = afterFailure(); // marks that are due would begin the next attempt at once
            throw failure;
        }
        return look(stored, claim);
    }

    private Batch pauseEvent(SubscriptionContent content, Progress progress) {
        var reason = progress.pause() == null ? PauseReason.FAILING : progress.pause().reason();
        var type =
                reason == PauseReason.CREDENTIAL_REFUSED
                        ? DeliveredEventType.SUBSCRIPTION_CREDENTIAL_REFUSED
                        : DeliveredEventType.SUBSCRIPTION_PAUSED;
        var event =
                DeliveredEvent.ofSubscription(
                        type, content.expiresAt(), reason, id + content.generation());
        return Batch.of(id, event, progress.pauseTold());
    }

    /** One look, since the subscription may have ended before the next one. */
    private @Nullable Batch look(Stored stored, Claim claim) {
        var due = marks.take();
        if (due == null) {
            return null;
        }
        try {
            var batch = look(stored, claim.progress(), due.key());
            mailFailures = 0;
            refusedTokens = 0;
            if (batch.more()) {
                marks.mark(due.key());
            } else if (isGone(batch.next(), due.key())) {
                marks.markLater(due.key(), tools.properties.poll());
            }
            if (!batch.empty()) {
                pendingSince = due.since();
                return batch;
            }
            if (!batch.next().equals(claim.progress())) {
                claim.write(batch.next(), stored.content().expiresAt());
            }
            return null;
        } catch (ImapException failure) {
            marks.retry(List.of(due.key()), afterFailure());
            throw failure;
        }
    }

    private Duration afterFailure() {
        return MAIL_RETRY.multipliedBy(1L << Math.min(MOST_DOUBLINGS, mailFailures++));
    }

    private Batch look(Stored stored, Progress progress, MailboxName mailbox) {
        if (stored.content().ofAccount()) {
            return lookAtAccount(stored, progress);
        }
        var watchedId = watched.get(mailbox);
        return watchedId == null
                ? Batch.nothing(id, progress, false) // a hint that came after listening had ended
                : tools.mailboxLook.next(stored, progress, watchedId, mailbox);
    }

    /**
     * It takes a tenth of the time at most, however busy the account is, and a hundredth where
     * nothing hints at changes.
     */
    private Batch lookAtAccount(Stored stored, Progress progress) {
        long begun = System.nanoTime();
        var where = hinted.take();
        var left = where;
        try {
            var found = tools.accountLook.next(stored, progress, where);
            left = new HintedMailboxes.Where(found.left(), false);
            if (!found.batch().more()) {
                var took = Duration.ofNanos(System.nanoTime() - begun);
                marks.rest(ACCOUNT, longer(SHORTEST_REST, took.multipliedBy(REST)));
                if (!found.left().isEmpty()) {
                    marks.mark(ACCOUNT);
                }
                marks.markLater(ACCOUNT, longer(tools.properties.poll(), took.multipliedBy(POLL)));
            }
            return found.batch();
        } finally {
            hinted.giveBack(left);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** It may be there again some day, of which nobody hints. */
    private boolean isGone(Progress progress, MailboxName mailbox) {
        var watchedId = watched.get(mailbox);
        var told = watchedId == null ? null : progress.mailboxes().get(watchedId.text());
        return told != null && told.gone();
    }

    /** False where it has to be delivered again, or looked for again. */
    private boolean deliver(Claim claim, Batch batch) {
        // What the app has changed while the mail server was asked counts at once.
        var stored = tools.store.find(id);
        if (stored == null || stored.content().generation() != generation) {
            pending = null;
            marks.wake();
            return false;
        }
        var content = stored.content();
        var outcome = tools.deliver(content, batch.delivery());
        switch (outcome.kind()) {
            case DELIVERED -> {
                claim.write(batch.next().delivered(tools.now()), content.expiresAt());
                // Whatever becomes of the next look, it is not delivered again.
                pending = null;
                tools.lag.record(Duration.ofNanos(System.nanoTime() - pendingSince));
                return true;
            }
            case GONE -> pause(stored, claim, PauseReason.GONE, false);
            case BUSY -> pause = SOON;
            case REFUSED, UNREACHABLE -> undelivered(stored, claim, outcome.retryAfter());
        }
        return false;
    }

    private void undelivered(Stored stored, Claim claim, @Nullable Duration asked) {
        var now = tools.now();
        var progress = claim.progress();
        var wait = Retries.after(progress.failures(), asked, tools.properties);
        claim.write(progress.failed(now, now.plus(wait)), stored.content().expiresAt());
        var since = claim.progress().failingSince();
        if (since == null || now.isBefore(since.plus(tools.properties.giveUp()))) {
            return;
        }
        log.info("a subscription is paused: its deliveries fail");
        boolean told = progress.paused(stored.content());
        pause(stored, claim, PauseReason.FAILING, false);
        if (!told) {
            // Once, in the hope that it was what was delivered that failed.
            tools.deliver(
                    stored.content(), pauseEvent(stored.content(), claim.progress()).delivery());
        }
    }

    private void pause(Stored stored, Claim claim, PauseReason reason, boolean untold) {
        var content = stored.content();
        // A pause that could not be told stays what it is.
        var progress = claim.progress();
        var next =
                progress.paused(content)
                        ? progress.pauseTold()
                        : progress.paused(reason, content.generation(), tools.now(), untold);
        claim.write(next, content.expiresAt());
        pending = null;
        stopListening(reason == PauseReason.CREDENTIAL_REFUSED);
        marks.wake();
    }

    private void failed(Stored stored, Claim claim, ImapException failure) {
        boolean refused =
                switch (failure) {
                    case ImapException.AuthenticationFailed _, ImapException.SignInEnded _ -> true;
                    case ImapException.AccessTokenRefused _ ->
                            !(stored.account().credential() instanceof OAuthGrant)
                                    || ++refusedTokens >= REFUSED_TOKENS;
                    default -> false;
                };
        if (refused) {
            log.info("a subscription is paused: its credential is refused");
            pause(stored, claim, PauseReason.CREDENTIAL_REFUSED, true);
        } else {
            log.debug("no changes for a subscription: {}", failure.getClass().getSimpleName());
        }
    }

    /** It listens before it looks, so that nothing is missed in between. */
    private void listen(Stored stored) {
        if (stored.content().ofAccount()) {
            if (listening == null) {
                listening = tools.watches.listenToEverything(stored.account(), hinted);
                hinted.anythingMayHaveChanged();
            }
            return;
        }
        if (listenedAt != null
                && System.nanoTime() - listenedAt < tools.properties.poll().toNanos()) {
            return;
        }
        // A mailbox with an id of the mail server's may have another name by now.
        var names = names(stored);
        if (!names.equals(watched)) {
            stopListening(false);
            watched.putAll(names);
            if (!names.isEmpty()) {
                listening = tools.watches.listen(stored.account(), names.keySet(), marks::mark);
            }
            names.keySet().forEach(marks::mark);
        }
        listenedAt = System.nanoTime();
    }

    /** Those that cannot be found now are looked for again later. */
    private Map<MailboxName, MailboxId> names(Stored stored) {
        var names = new HashMap<MailboxName, MailboxId>();
        for (var mailboxId : stored.content().mailboxIds()) {
            try {
                names.put(tools.mailboxes.resolve(stored.account(), mailboxId), mailboxId);
            } catch (ImapException.OutOfScope | ProblemException _) {
                log.debug("a mailbox of a subscription cannot be found");
            }
        }
        return names;
    }

    private void stopListening(boolean revoked) {
        if (listening != null) {
            if (revoked) {
                listening.revoke();
            } else {
                listening.close();
            }
            listening = null;
        }
        listenedAt = null;
        watched.clear();
        marks.clear();
    }
}
