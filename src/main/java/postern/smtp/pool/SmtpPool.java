package postern.smtp.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.account.LoginHashes;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpConnector.Reuse;
import postern.smtp.SmtpException;
import postern.smtp.SmtpException.Step;
import postern.smtp.SmtpOpener;
import postern.smtp.Submission;
import postern.smtp.Submitter;
import postern.smtp.pool.KeptConnection.Owner;

/**
 * The connections of this process to submission servers. One that has sent a message is kept for a
 * while, and lent only for the very credential that it was logged in with. How many are lent is
 * bounded by the requests that send. Nothing blocks under the lock.
 */
final class SmtpPool {

    /** Servers end connections that send too many messages; Gmail does after a hundred. */
    static final int MOST_MESSAGES = 50;

    /** The pool closes a connection first, with QUIT. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final SmtpOpener opener;
    private final SmtpPoolProperties properties;
    private final LoginHashes hashes;
    private final SmtpPoolMetrics metrics;

    /** Ordered by the time since when they are idle. */
    private final List<KeptConnection> idle = new ArrayList<>();

    private final Set<KeptConnection> lent = new HashSet<>();
    private boolean stopped;

    SmtpPool(
            SmtpOpener opener,
            SmtpPoolProperties properties,
            LoginHashes hashes,
            SmtpPoolMetrics metrics) {
        this.opener = opener;
        this.properties = properties;
        this.hashes = hashes;
        this.metrics = metrics;
        metrics.watch(this);
    }

    synchronized int idle() {
        return idle.size();
    }

    synchronized int lent() {
        return lent.size();
    }

    SmtpConnection lend(Submitter submitter, Reuse reuse) {
        var owner = Owner.of(submitter, hashes);
        if (reuse == Reuse.ALLOWED) {
            for (var kept = take(owner); kept != null; kept = take(owner)) {
                if (kept.connection().wake()) {
                    metrics.reused();
                    return new Lent(kept);
                }
                remove(kept);
                close(List.of(kept), SmtpCloseReason.LOST);
            }
        }
        return new Lent(open(submitter, owner));
    }

    /** The one that was used last is the most likely to be alive. */
    private synchronized @Nullable KeptConnection take(Owner owner) {
        for (int i = idle.size() - 1; i >= 0; i--) {
            if (idle.get(i).owner().equals(owner)) {
                var kept = idle.remove(i);
                lent.add(kept);
                return kept;
            }
        }
        return null;
    }

    private KeptConnection open(Submitter submitter, Owner owner) {
        try {
            return opened(submitter, owner);
        } catch (SmtpException.LoginRefused e) {
            retire(it -> it.owner().equals(owner));
            throw e;
        } catch (SmtpException.Refused e) {
            boolean full = e.step() == Step.CONNECTION && e.reply().transientFailure();
            var others =
                    full ? takeIdle(it -> it.owner().sameServer(owner)) : List.<KeptConnection>of();
            if (others.isEmpty()) {
                throw e;
            }
            join(close(others, SmtpCloseReason.EVICTED)); // the server may count connections
            return opened(submitter, owner);
        }
    }

    private KeptConnection opened(Submitter submitter, Owner owner) {
        var connection = metrics.timed(() -> opener.open(submitter));
        var kept = new KeptConnection(owner, connection, metrics.now());
        synchronized (this) {
            lent.add(kept);
        }
        // the token before this one is not used any more
        retire(it -> it.owner().sameFamily(owner) && !it.owner().equals(owner));
        return kept;
    }

    /** A connection on loan. */
    private final class Lent implements SmtpConnection {

        private final KeptConnection kept;
        private boolean closed;

        Lent(KeptConnection kept) {
            this.kept = kept;
        }

        @Override
        public Submission send(Envelope envelope, OutgoingMessage message) {
            kept.sent();
            return kept.connection().send(envelope, message);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                giveBack(kept);
            }
        }
    }

    private void giveBack(KeptConnection kept) {
        if (kept.connection().reusable()) {
            kept.connection().rest(properties.idleTimeout().plus(MARGIN));
        }
        boolean reusable = kept.connection().reusable();
        var surplus = new ArrayList<KeptConnection>();
        SmtpCloseReason reason;
        synchronized (this) {
            lent.remove(kept);
            reason = reusable ? reasonAgainst(kept) : SmtpCloseReason.IN_DOUBT;
            if (reason == null) {
                kept.idle(metrics.now());
                idle.add(kept);
                evict(
                        surplus,
                        it -> it.owner().account().equals(kept.owner().account()),
                        properties.maxIdlePerAccount());
                evict(surplus, _ -> true, properties.maxIdle());
            }
        }
        if (reason != null) {
            close(List.of(kept), reason);
        }
        close(surplus, SmtpCloseReason.EVICTED);
    }

    private @Nullable SmtpCloseReason reasonAgainst(KeptConnection kept) {
        if (stopped) {
            return SmtpCloseReason.SHUTDOWN;
        }
        if (kept.retired()) {
            return SmtpCloseReason.RETIRED;
        }
        if (properties.keepsNone()) {
            return SmtpCloseReason.IDLE;
        }
        boolean old = metrics.now() - kept.openedAt() >= properties.maxLifetime().toNanos();
        return old || kept.messages() >= MOST_MESSAGES ? SmtpCloseReason.LIFETIME : null;
    }

    private void evict(List<KeptConnection> surplus, Predicate<KeptConnection> which, int most) {
        var those = idle.stream().filter(which).toList();
        var first = those.subList(0, Math.max(0, those.size() - most));
        idle.removeAll(first);
        surplus.addAll(first);
    }

    private synchronized void remove(KeptConnection kept) {
        lent.remove(kept);
    }

    private synchronized List<KeptConnection> takeIdle(Predicate<KeptConnection> which) {
        var those = idle.stream().filter(which).toList();
        idle.removeAll(those);
        return those;
    }

    void retire(Submitter submitter) {
        var owner = Owner.of(submitter, hashes);
        retire(it -> it.owner().sameFamily(owner));
    }

    private void retire(Predicate<KeptConnection> which) {
        synchronized (this) {
            lent.stream().filter(which).forEach(KeptConnection::retire);
        }
        close(takeIdle(which), SmtpCloseReason.RETIRED);
    }

    /** Closes those that were idle for too long. */
    void sweep() {
        long now = metrics.now();
        close(
                takeIdle(it -> now - it.idleSince() >= properties.idleTimeout().toNanos()),
                SmtpCloseReason.IDLE);
        close(
                takeIdle(it -> now - it.openedAt() >= properties.maxLifetime().toNanos()),
                SmtpCloseReason.LIFETIME);
    }

    synchronized void start() {
        stopped = false;
    }

    /** Returns when those that are idle are closed; those on loan follow. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        join(close(takeIdle(_ -> true), SmtpCloseReason.SHUTDOWN));
    }

    /** Nobody waits for the QUIT of another. */
    private List<Thread> close(Collection<KeptConnection> those, SmtpCloseReason reason) {
        return those.stream()
                .map(kept -> {
                    metrics.closed(reason);
                    return Thread.ofVirtual().name("smtp-quit").start(kept.connection()::close);
                })
                .toList();
    }

    private static void join(List<Thread> closing) {
        try {
            for (var thread : closing) {
                thread.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
