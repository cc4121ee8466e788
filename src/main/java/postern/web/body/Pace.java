package postern.web.body;

import java.time.Duration;

/**
 * How far a client has fallen behind the slowest speed that is allowed. It may fall behind by the
 * grace period, and what it sends makes up for that. Only time in which the gateway waits for the
 * client counts. Not thread-safe; times are those of {@link System#nanoTime}.
 */
final class Pace {

    private final double nanosPerOctet;
    private final double grace;
    private double left;
    private long waitingSince;
    private boolean isWaiting;
    private boolean isWatched;

    Pace(long octetsPerSecond, Duration grace) {
        this.nanosPerOctet = 1e9 / octetsPerSecond;
        this.grace = grace.toNanos();
        this.left = this.grace;
    }

    void came(long octets) {
        left = Math.min(grace, left + octets * nanosPerOctet);
    }

    void waitFrom(long now) {
        isWaiting = true;
        waitingSince = now;
    }

    void waitUntil(long now) {
        left = left(now);
        isWaiting = false;
    }

    private double left(long now) {
        return isWaiting ? left - (now - waitingSince) : left;
    }

    boolean tooSlow(long now) {
        return left(now) <= 0;
    }

    boolean watched() {
        return isWatched;
    }

    /** Returns when to look again. */
    Duration watch(long now) {
        isWatched = true;
        return Duration.ofNanos((long) Math.max(0, left(now))).plusMillis(1);
    }

    void unwatch() {
        isWatched = false;
    }
}
