package postern.events;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a stream has to look at, each once however often it was marked, and when. */
final class Marks<K> {

    private final Map<K, Long> due = new LinkedHashMap<>();
    private boolean ended;

    /** What is due; null where nothing was in time, or at the end. */
    record Next<K>(@Nullable K key, boolean end) {}

    synchronized void mark(K key) {
        due.merge(key, System.nanoTime(), (before, now) -> before - now < 0 ? before : now);
        notifyAll();
    }

    synchronized void markLater(K key, Duration time) {
        due.put(key, System.nanoTime() + time.toNanos());
    }

    /** All at the same time. */
    synchronized void markLater(Set<K> keys, Duration time) {
        long at = System.nanoTime() + time.toNanos();
        keys.forEach(key -> due.put(key, at));
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits for something that is due. */
    synchronized Next<K> next(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (!ended) {
            long now = System.nanoTime();
            long wait = until - now;
            for (var mark : due.entrySet()) {
                if (mark.getValue() - now <= 0) {
                    due.remove(mark.getKey());
                    return new Next<>(mark.getKey(), false);
                }
                wait = Math.min(wait, mark.getValue() - now);
            }
            if (until - now <= 0) {
                return new Next<>(null, false);
            }
            // the monitor counts in milliseconds
            TimeUnit.NANOSECONDS.timedWait(this, wait + 1_000_000);
        }
        return new Next<>(null, true);
    }

    /** Everything else that is due now. */
    synchronized Set<K> takeDue() {
        long now = System.nanoTime();
        var taken = new HashSet<K>();
        due.entrySet().removeIf(mark -> mark.getValue() - now <= 0 && taken.add(mark.getKey()));
        return taken;
    }
}
