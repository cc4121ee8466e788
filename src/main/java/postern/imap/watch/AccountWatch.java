package postern.imap.watch;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.Account;
import postern.account.TokenLimits;
import postern.imap.IdleWait;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.shared.SharedStateUnavailable;

/**
 * Watches the mailboxes of one account for all who listen, on one virtual thread and a connection
 * of {@link Lane#WATCH}: all of them by NOTIFY where the server has it, else the most wanted one by
 * IDLE and the others by STATUS or LIST in between. Where the server has no IDLE, or no connection
 * can be spared, it polls all of them on a connection that it gives back each time.
 *
 * <p>All that it tells are hints: what happened is found out by each listener, with its own
 * credential. A hint too many costs little, so there is one after every gap in what the server
 * reports.
 */
final class AccountWatch {

    private static final Logger log = LoggerFactory.getLogger(AccountWatch.class);

    /** How often it polls before it tries IDLE again. */
    private static final int POLLS_WITHOUT_IDLE = 10;

    /** The same where no connection could be spared: another watch may have ended meanwhile. */
    private static final int POLLS_WITHOUT_CONNECTION = 2;

    private final ImapConnections connections;
    private final WatchProperties properties;
    private final Duration renew;

    // Guarded by the monitor.
    private final Set<Listening> listeners = new LinkedHashSet<>();
    private @Nullable Wanted wanted;
    private @Nullable IdleWait idle;
    private long emptySince;
    private boolean woken;
    private boolean ended;

    /** Names may be others than when the mailboxes were listed. */
    private volatile boolean namesInDoubt;

    // Of the thread that watches.
    private final PolledMailboxes polled =
            new PolledMailboxes(this::tell, () -> tellMailboxes(null));
    private long noReportsUntil = System.nanoTime();
    private volatile int failures;
    private int pollsLeft;
    private long idleToldAt = System.nanoTime();

    /**
     * @param renew after what time an IDLE is begun anew
     */
    AccountWatch(ImapConnections connections, WatchProperties properties, Duration renew) {
        this.connections = connections;
        this.properties = properties;
        this.renew = renew;
    }

    /** False when the watch has ended. */
    synchronized boolean add(Listening listening) {
        if (ended) {
            return false;
        }
        listeners.add(listening);
        listening.joined(this);
        // Its login shows that the mail server is there again.
        if (updateWanted() || failures > 0) {
            wake();
        }
        return true;
    }

    /**
     * @param revoked whether its credential must not be used any more
     */
    synchronized void remove(Listening listening, boolean revoked) {
        if (!listeners.remove(listening)) {
            return;
        }
        if (!listeners.isEmpty()) {
            if (updateWanted()) {
                wake();
            }
            return;
        }
        emptySince = System.nanoTime();
        ended |= revoked;
        wake();
    }

    synchronized void end() {
        ended = true;
        wake();
    }

    /** This process has changed messages of that mailbox. */
    void messagesChanged(MailboxName mailbox) {
        tell(mailbox);
    }

    /** This process has created, renamed or deleted a mailbox. */
    void mailboxChanged(@Nullable RenamedMailbox renamed) {
        tellMailboxes(renamed);
        namesInDoubt = true;
        wakeUp();
    }

    /**
     * A request, or this watch, has listed the mailboxes: those that nobody was told of may be gone
     * before the next look, but the client of the request knows them.
     */
    void listed(Account by, List<MailboxName> mailboxes) {
        for (var mailbox : polled.unknown(mailboxes)) {
            copy().forEach(it -> it.hintSeen(by, mailbox));
        }
    }

    private synchronized void wakeUp() {
        wake();
    }

    synchronized int listeners() {
        return listeners.size();
    }

    private boolean updateWanted() {
        var now = Wanted.of(listeners, wanted);
        boolean changed = !now.equals(wanted);
        wanted = now;
        return changed;
    }

    /** There is something else to do than to wait. */
    private void wake() {
        woken = true;
        if (idle != null) {
            idle.end();
        }
        notifyAll();
    }

    /** Returns when nobody has listened for a while, or when it is told to end. */
    void run() {
        for (var plan = plan(); plan != null; plan = plan()) {
            try {
                watch(plan);
                failures = 0;
            } catch (ImapException e) {
                failed(plan, e);
            } catch (SharedStateUnavailable e) {
                // A grant cannot be read meanwhile.
                failed(plan, new ImapException.ConnectionLost("the store is away", e));
            } catch (RuntimeException e) {
                log.error("watching failed unexpectedly: {}", e.getClass().getName());
                failed(plan, new ImapException.ConnectionLost("watching failed", e));
            }
        }
    }

    /** What to watch now; null at the end. */
    private synchronized @Nullable Wanted plan() {
        woken = false;
        ended |= listeners.isEmpty() && !lingerLeft().isPositive();
        return ended ? null : wanted;
    }

    private Duration lingerLeft() {
        return properties.linger().minusNanos(System.nanoTime() - emptySince);
    }

    private void watch(Wanted plan) {
        if (pollsLeft > 0) {
            pollsLeft--;
            poll(plan);
            return;
        }
        try (var connection = connections.borrow(credential(plan), Lane.WATCH)) {
            if (reports(plan, connection)) {
                return;
            }
            if (connection.capabilities().idle()) {
                idle(plan, connection);
                return;
            }
        } catch (ImapException.ConnectionLimit e) {
            log.debug("polling, since no connection can be spared");
            pollsLeft = POLLS_WITHOUT_CONNECTION;
            return;
        } catch (ImapException.NotPossible
                | ImapException.MailboxNotFound
                | ImapException.PermissionDenied e) {
            log.debug("polling instead of IDLE: {}", e.getClass().getSimpleName());
        }
        pollsLeft = POLLS_WITHOUT_IDLE;
    }

    /** The connection serves all listeners: each is held to the limits of its own token. */
    private static Account credential(Wanted plan) {
        return plan.account().limitedTo(TokenLimits.NONE);
    }

    /** Whether the server may report all mailboxes by itself. */
    private boolean mayReport(Wanted plan, ImapConnection connection) {
        return plan.moreThanOne()
                && connection.capabilities().notifies()
                && System.nanoTime() - noReportsUntil >= 0;
    }

    /** False where the server does not report all mailboxes, or not any more. */
    private boolean reports(Wanted first, ImapConnection connection) {
        if (!mayReport(first, connection)) {
            return false;
        }
        try {
            waitForReports(first, connection);
            return true;
        } catch (ImapException.NotPossible e) {
            log.debug("IDLE instead of NOTIFY: {}", e.getClass().getSimpleName());
            noReportsUntil = System.nanoTime() + renew.toNanos();
            copy().forEach(Listening::hintAll); // what was not reported
            return false;
        } finally {
            endReports(connection);
        }
    }

    private static void endReports(ImapConnection connection) {
        try {
            connection.endReports();
        } catch (ImapException e) {
            log.debug("NOTIFY NONE failed: {}", e.getClass().getSimpleName());
        }
    }

    /**
     * It reports first and lists then, so that no name is missed. Now and then the counters are
     * compared, too: Dovecot 2.3 may lose sight of a mailbox that was deleted and created again.
     */
    private void waitForReports(Wanted first, ImapConnection connection) {
        boolean listed = false;
        long until = System.nanoTime() + renew.toNanos();
        long lookAt = System.nanoTime() + properties.rarely().toNanos();
        for (@Nullable Wanted plan = first;
                plan != null && goesOn(plan, first, until);
                plan = plan()) {
            var pollEvery = renew;
            if (namesInDoubt) {
                namesInDoubt = false;
                polled.list(connection);
                listed = true;
            }
            if (System.nanoTime() - lookAt >= 0) {
                polled.ask(connection, plan, null);
                lookAt = System.nanoTime() + polled.pause(properties.rarely()).toNanos();
            }
            var notReported =
                    listed
                            ? polled.notReported(plan, connection.namespaces())
                            : Set.<MailboxName>of();
            if (!notReported.isEmpty()) {
                polled.ask(connection, notReported);
                pollEvery = polled.pause(properties.poll());
            }
            var left = shorter(left(until), left(lookAt));
            var wait = begin(shorter(left, pollEvery), new Reports());
            if (wait != null && !waited(wait, () -> connection.idleEverywhere(wait))) {
                return;
            }
        }
    }

    /** While the same credential is wanted, until the connection is to be given back. */
    private static boolean goesOn(Wanted plan, Wanted first, long until) {
        return plan.account().equals(first.account()) && System.nanoTime() - until < 0;
    }

    /** False when the server has stopped waiting by itself. */
    private boolean waited(IdleWait wait, Runnable idle) {
        try {
            idle.run();
        } finally {
            idleEnded();
        }
        failures = 0;
        if (!wait.over()) {
            pollsLeft = 1; // to ask again at once could go on without a pause
        }
        return wait.over();
    }

    private void idle(Wanted first, ImapConnection connection) {
        long until = System.nanoTime() + renew.toNanos();
        // Some servers report new messages alone, and without mod-sequences nothing else shows it.
        var blind = connection.capabilities().condStore() ? renew : properties.rarely();
        for (@Nullable Wanted plan = first;
                plan != null && goesOn(plan, first, until);
                plan = plan()) {
            if (mayReport(plan, connection)) {
                return;
            }
            var time = shorter(left(until), untilBlind(blind));
            if (plan.moreThanOne()) {
                namesInDoubt = false;
                polled.ask(connection, plan, plan.most());
                time = shorter(time, polled.pause(properties.poll()));
            }
            var most = polled.current(plan.most());
            var wait = begin(time, new Hints(most));
            if (wait != null && !waited(wait, () -> connection.idle(most, wait))) {
                return;
            }
            if (!untilBlind(blind).isPositive()) {
                tell(most);
                idleToldAt = System.nanoTime();
            }
        }
    }

    private Duration untilBlind(Duration blind) {
        return blind.minusNanos(System.nanoTime() - idleToldAt);
    }

    /** Null when there is something else to do. */
    private synchronized @Nullable IdleWait begin(Duration time, IdleWait.Listener listener) {
        if (woken || ended) {
            return null;
        }
        idle = new IdleWait(listeners.isEmpty() ? shorter(time, lingerLeft()) : time, listener);
        return idle;
    }

    private synchronized void idleEnded() {
        idle = null;
    }

    private static Duration left(long until) {
        return Duration.ofNanos(until - System.nanoTime());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private final class Hints implements IdleWait.Listener {

        private final MailboxName mailbox;

        Hints(MailboxName mailbox) {
            this.mailbox = mailbox;
        }

        @Override
        public void opened() {
            reported();
        }

        @Override
        public void reported() {
            tell(mailbox);
            idleToldAt = System.nanoTime();
        }
    }

    /** What the server reports of all mailboxes. */
    private final class Reports implements IdleWait.Listener {

        @Override
        public void opened() {
            copy().forEach(Listening::hintAll);
            learnNames();
        }

        @Override
        public void reported() {
            // nothing is selected
        }

        @Override
        public void reported(MailboxName mailbox) {
            tell(polled.named(mailbox));
        }

        @Override
        public void listed(MailboxName mailbox, @Nullable MailboxName previous) {
            tellMailboxes(previous == null ? null : new RenamedMailbox(previous, mailbox));
            learnNames();
        }

        private void learnNames() {
            namesInDoubt = true;
            endIdle();
        }
    }

    private synchronized void endIdle() {
        if (idle != null) {
            idle.end();
        }
    }

    private void poll(Wanted plan) {
        try (var connection = connections.borrow(credential(plan), Lane.INTERACTIVE)) {
            namesInDoubt = false;
            polled.ask(connection, plan, null);
        }
        pause(polled.pause(properties.poll()));
    }

    private void tellMailboxes(@Nullable RenamedMailbox renamed) {
        copy().forEach(it -> it.hintMailboxes(renamed));
    }

    private void tell(MailboxName mailbox) {
        copy().forEach(it -> it.hint(mailbox));
    }

    private synchronized List<Listening> copy() {
        return List.copyOf(listeners);
    }

    private void failed(Wanted plan, ImapException failure) {
        failures++;
        if (failure instanceof ImapException.AuthenticationFailed
                || failure instanceof ImapException.AccessTokenRefused
                || failure instanceof ImapException.SignInEnded) {
            // They leave when they look for themselves, and another credential is used.
            copy().stream()
                    .filter(it -> it.account().equals(plan.account()))
                    .forEach(Listening::hintAll);
            endUnlessWanted();
        }
        log.debug("watching failed: {} failures={}", failure.getClass().getSimpleName(), failures);
        double part = ThreadLocalRandom.current().nextDouble(0.5, 1.5);
        pause(Duration.ofNanos((long) (properties.retryAfter(failures).toNanos() * part)));
    }

    /** Nobody needs to know more of a credential that is refused; it might lock the account. */
    private synchronized void endUnlessWanted() {
        ended |= listeners.isEmpty();
    }

    /** Waits, unless there is something to do before. */
    private synchronized void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toNanos();
                    left > 0 && !woken && !ended;
                    left = until - System.nanoTime()) {
                if (listeners.isEmpty()) {
                    long linger = lingerLeft().toNanos();
                    if (linger <= 0) {
                        return;
                    }
                    left = Math.min(left, linger);
                }
                // the monitor counts in milliseconds
                TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000);
            }
        } catch (InterruptedException _) {
            ended = true;
        }
    }
}
