package postern.subscription;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What may have changed, and when a subscription's thread goes on. Nothing is queued: a mailbox is
 * marked, however often.
 *
 * @param <T> a mailbox
 */
final class Marks<T> {

    /** When to look, and since when there may be something to see. */
    private record Mark(long due, long since) {}

    // Guarded by the monitor.
    private final Map<T, Mark> marked = new LinkedHashMap<>();
    private boolean woken;
    private boolean ended;

    synchronized void mark(T mailbox) {
        long now = System.nanoTime();
        marked.merge(mailbox, new Mark(now, now), (before, _) -> new Mark(now, before.since()));
        notifyAll();
    }

    synchronized void markLater(T mailbox, Duration time) {
        long now = System.nanoTime();
        marked.putIfAbsent(mailbox, new Mark(now + time.toNanos(), now));
    }

    /** There is something else to look at. */
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized boolean ended() {
        return ended;
    }

    synchronized void clear() {
        marked.clear();
    }

    /** A mailbox to look at. */
    record Due<T>(T mailbox, long since) {}

    synchronized @Nullable Due<T> takeDue() {
        long now = System.nanoTime();
        for (var entry : marked.entrySet()) {
            if (entry.getValue().due() - now <= 0) {
                marked.remove(entry.getKey());
                return new Due<>(entry.getKey(), entry.getValue().since());
            }
        }
        return null;
    }

    /**
     * Waits for this time, or until a mailbox is due or there is something else to look at.
     *
     * @param marksCount whether marks end it
     */
    synchronized void await(Duration most, boolean marksCount) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (!woken && !ended) {
            long now = System.nanoTime();
            long left = until - now;
            if (marksCount) {
                for (var mark : marked.values()) {
                    left = Math.min(left, mark.due() - now);
                }
            }
            if (left <= 0) {
                break;
            }
            // the monitor counts in milliseconds
            TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000);
        }
        woken = false;
    }
}
