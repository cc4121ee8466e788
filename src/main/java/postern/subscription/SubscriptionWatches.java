package postern.subscription;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import postern.shared.SharedStateUnavailable;

/**
 * Watches for the subscriptions of those owners whose lease this replica has, and takes the leases
 * that nobody has.
 */
@Component
class SubscriptionWatches implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionWatches.class);

    /** How long deliveries that are on their way are waited for at the end. */
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private final SubscriptionTools tools;
    private final SubscriptionIndex index;
    private final WatchLeases leases;
    private final SubscriptionProperties properties;
    private final Map<String, Owned> owned = new ConcurrentHashMap<>();

    // Guarded by the monitor.
    private boolean running;
    private boolean woken;
    private @Nullable Thread looking;

    SubscriptionWatches(
            SubscriptionTools tools,
            SubscriptionIndex index,
            WatchLeases leases,
            SubscriptionProperties properties,
            MeterRegistry meters) {
        this.tools = tools;
        this.index = index;
        this.leases = leases;
        this.properties = properties;
        Gauge.builder("postern.subscription.watched", this, SubscriptionWatches::watched)
                .description("Subscriptions that this process watches for.")
                .register(meters);
    }

    /** The watches for one owner, while this replica has the lease. */
    private static final class Owned {

        private final Map<String, SubscriptionWatch> watches = new ConcurrentHashMap<>();
        private volatile long leasedUntil;

        boolean leased() {
            return System.nanoTime() - leasedUntil < 0;
        }
    }

    /** Something of these subscriptions was changed by a request to this replica. */
    void changed(String owner) {
        var known = owned.get(owner);
        if (known != null) {
            known.watches.values().forEach(SubscriptionWatch::wake);
        }
        synchronized (this) {
            woken = true;
            notifyAll();
        }
    }

    private int watched() {
        return owned.values().stream().mapToInt(it -> it.watches.size()).sum();
    }

    private void lookAgainAndAgain() {
        try {
            while (isRunning()) {
                try {
                    look();
                } catch (SharedStateUnavailable _) {
                    // The leases lapse meanwhile. That the store fails is logged where it is asked.
                    log.debug("the store is away: no subscription is looked for");
                } catch (RuntimeException e) {
                    log.error("looking for subscriptions failed: {}", e.getClass().getName());
                }
                pause();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void pause() throws InterruptedException {
        long until = System.nanoTime() + properties.look().toNanos();
        for (long left = until - System.nanoTime();
                running && !woken && left > 0;
                left = until - System.nanoTime()) {
            // the monitor counts in milliseconds
            TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000);
        }
        woken = false;
    }

    private void look() {
        var owners = index.owners();
        for (var owner : owned.keySet()) {
            if (owners.add(owner)) {
                index.requireListed(owner);
            }
        }
        for (var owner : owners) {
            if (!isRunning()) {
                return;
            }
            try {
                var mine = leased(owner);
                if (mine != null) {
                    look(owner, mine);
                }
            } catch (SharedStateUnavailable away) {
                throw away; // the same holds for the others
            } catch (RuntimeException e) {
                // the others are looked at
                log.error("looking for subscriptions failed: {}", e.getClass().getName());
            }
        }
    }

    /** Takes the lease, or renews it; null where another replica has it. */
    private @Nullable Owned leased(String owner) {
        long now = System.nanoTime();
        var mine = owned.get(owner);
        if (mine != null && !leases.renew(owner)) {
            owned.remove(owner);
            mine.watches.values().forEach(SubscriptionWatch::end);
            mine = null;
        }
        if (mine == null) {
            if (!leases.take(owner)) {
                return null;
            }
            mine = new Owned();
            owned.put(owner, mine);
        }
        mine.leasedUntil = now + properties.lease().toNanos();
        return mine;
    }

    private void look(String owner, Owned mine) {
        mine.watches.values().removeIf(SubscriptionWatch::done);
        var ids = index.ids(owner);
        for (var id : ids) {
            if (!mine.watches.containsKey(id)) {
                begin(owner, id, mine);
            }
        }
        if (ids.isEmpty() && mine.watches.isEmpty()) {
            index.forgetIfNone(owner);
            owned.remove(owner);
            leases.release(owner);
        }
    }

    private void begin(String owner, String id, Owned mine) {
        var stored = tools.store.find(id);
        if (stored == null) {
            // What this replica has no key for may be good at another one.
            if (!tools.store.exists(id)) {
                index.remove(owner, id);
            }
            return;
        }
        var progress = tools.progress.look(id);
        if (progress != null && progress.dormant(stored.content())) {
            if (!stored.newestKey()) {
                tools.store.sealAnew(stored);
                tools.progress.claim(id, stored.content().expiresAt());
            }
            return;
        }
        var watch = new SubscriptionWatch(id, tools, mine::leased);
        mine.watches.put(id, watch);
        Thread.ofVirtual().name("subscription").start(watch::run);
    }

    @Override
    public synchronized void start() {
        running = true;
        looking = Thread.ofVirtual().name("subscriptions").start(this::lookAgainAndAgain);
    }

    /** Another replica goes on at once with what has come to an end here. */
    @Override
    public void stop() {
        Thread thread;
        synchronized (this) {
            running = false;
            notifyAll();
            thread = looking;
        }
        var all = owned.values().stream().flatMap(it -> it.watches.values().stream()).toList();
        all.forEach(SubscriptionWatch::end);
        awaitEnd(thread, all);
        release(owned.keySet());
        owned.clear();
    }

    private void release(Collection<String> owners) {
        try {
            owners.forEach(leases::release);
        } catch (SharedStateUnavailable _) {
            log.debug("the store is away: the leases end by themselves");
        }
    }

    private static void awaitEnd(@Nullable Thread thread, List<SubscriptionWatch> watches) {
        long until = System.nanoTime() + FAREWELL.toNanos();
        try {
            if (thread != null) {
                thread.join(FAREWELL);
            }
            for (var watch : watches) {
                watch.awaitEnd(Duration.ofNanos(until - System.nanoTime()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /** Stops before the watches of mailboxes, and before the pool. */
    @Override
    public int getPhase() {
        return 2;
    }
}
