package postern.imap.watch;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a listener has to look at, and when. Nothing is queued: each thing is marked once, however
 * often it may have changed. Hints mark on any thread; one thread waits and takes.
 *
 * @param <K> what is looked at
 */
public final class Marks<K> {

    /**
     * @param due when to look, in nanoseconds
     * @param since when something may have happened for the first time
     */
    private record Mark(long due, long since) {}

    // Guarded by the monitor.
    private final Map<K, Mark> marks = new LinkedHashMap<>();
    private final Map<K, Long> resting = new LinkedHashMap<>();
    private boolean woken;
    private boolean ended;

    /**
     * Something to look at.
     *
     * @param since the {@link System#nanoTime} of the first mark, from which on there may be
     *     something to see
     */
    public record Due<K>(K key, long since) {}

    /** Something may have happened there: it is due at once, or when its rest is over. */
    public synchronized void mark(K key) {
        long now = System.nanoTime();
        long from = latest(now, resting.getOrDefault(key, now));
        marks.merge(
                key,
                new Mark(from, now),
                (before, _) ->
                        new Mark(earliest(before.due(), from), earliest(before.since(), now)));
        notifyAll();
    }

    /** Nothing has happened, but it is looked at after this time, unless it is marked already. */
    public synchronized void markLater(K key, Duration time) {
        long due = System.nanoTime() + time.toNanos();
        marks.putIfAbsent(key, new Mark(due, due));
    }

    /** The looks at these failed: all are tried again after this time, and not before. */
    public synchronized void retry(Collection<K> keys, Duration time) {
        long now = System.nanoTime();
        for (var key : keys) {
            marks.merge(
                    key,
                    new Mark(now + time.toNanos(), now),
                    (before, again) ->
                            new Mark(again.due(), earliest(before.since(), again.since())));
        }
    }

    /** For this time from now on, marks of that are not due, whenever they were made. */
    public synchronized void rest(K key, Duration time) {
        long until = System.nanoTime() + time.toNanos();
        resting.put(key, until);
        marks.computeIfPresent(
                key, (_, before) -> new Mark(latest(before.due(), until), before.since()));
    }

    /** There is something else to do than to wait. */
    public synchronized void wake() {
        woken = true;
        notifyAll();
    }

    public synchronized void end() {
        ended = true;
        notifyAll();
    }

    public synchronized boolean ended() {
        return ended;
    }

    /** Forgets all marks. */
    public synchronized void clear() {
        marks.clear();
        resting.clear();
    }

    /** What is due first; null where nothing is. */
    public synchronized @Nullable Due<K> take() {
        long now = System.nanoTime();
        for (var mark : marks.entrySet()) {
            if (mark.getValue().due() - now <= 0) {
                marks.remove(mark.getKey());
                return new Due<>(mark.getKey(), mark.getValue().since());
            }
        }
        return null;
    }

    /** Everything that is due. */
    public synchronized Set<K> takeAll() {
        long now = System.nanoTime();
        var taken = new HashSet<K>();
        marks.entrySet()
                .removeIf(mark -> mark.getValue().due() - now <= 0 && taken.add(mark.getKey()));
        return taken;
    }

    /** Waits for this time, or until something is due or there is something else to do. */
    public void await(Duration most) throws InterruptedException {
        await(most, true);
    }

    /** Waits for this time, or until there is something else to do than to look at marks. */
    public void awaitAnythingElse(Duration most) throws InterruptedException {
        await(most, false);
    }

    private synchronized void await(Duration most, boolean marksCount) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (!woken && !ended) {
            long now = System.nanoTime();
            long left = until - now;
            if (marksCount) {
                for (var mark : marks.values()) {
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

    private static long earliest(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private static long latest(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
