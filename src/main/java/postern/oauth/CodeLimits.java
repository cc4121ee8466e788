package postern.oauth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import postern.imap.ImapException;

/**
 * Bounds the codes that one client redeems. Anybody may send codes, and each one costs the
 * authorization server a request; one that gets too many wants no more requests of this gateway at
 * all, not even for the users who are signed in.
 */
final class CodeLimits {

    /** How many are redeemed at the same time by all clients together. */
    static final int IN_ALL = 64;

    /** How many are redeemed at the same time by one client. */
    static final int OF_CLIENT = 16;

    /** After this many refused ones the client redeems none for the rest of the minute. */
    static final int REFUSED = 60;

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration BUSY = Duration.ofSeconds(1);

    private final Semaphore all;
    private final Semaphore ours = new Semaphore(OF_CLIENT);
    private final InstantSource clock;
    private Instant periodEnd = Instant.EPOCH;
    private int refused;

    CodeLimits(Semaphore all, InstantSource clock) {
        this.all = all;
        this.clock = clock;
    }

    /** Throws ImapException.SignInUnavailable where there is no place; {@link #leave} frees it. */
    void enter() {
        requireFewRefused();
        if (!all.tryAcquire()) {
            throw busy(BUSY);
        }
        if (!ours.tryAcquire()) {
            all.release();
            throw busy(BUSY);
        }
    }

    void leave() {
        ours.release();
        all.release();
    }

    /** The authorization server has refused a code. */
    synchronized void refused() {
        var now = clock.instant();
        if (!now.isBefore(periodEnd)) {
            periodEnd = now.plus(PERIOD);
            refused = 0;
        }
        refused++;
    }

    private synchronized void requireFewRefused() {
        var left = Duration.between(clock.instant(), periodEnd);
        if (refused >= REFUSED && left.isPositive()) {
            throw busy(left);
        }
    }

    private static ImapException.SignInUnavailable busy(Duration retryAfter) {
        return new ImapException.SignInUnavailable(
                "too many users sign in with this provider at the moment", retryAfter, null);
    }
}
