package postern.shared;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What several replicas in one process share, budgets and places too, as {@link ValkeySharedState}
 * has them.
 */
public final class StateOfReplicas implements SharedState {

    private record Held(int held, int wanted, Instant until) {}

    private final InstantSource clock;
    private final SharedState values;
    private final Map<String, Instant> full = new HashMap<>();
    private final Map<String, Map<String, Held>> holders = new HashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean away;

    public StateOfReplicas() {
        this(InstantSource.system());
    }

    public StateOfReplicas(InstantSource clock) {
        this.clock = clock;
        this.values = new InMemorySharedState(clock);
    }

    /** Budgets and places are not answered for until {@link #answerAgain}. */
    public void fail() {
        away = true;
    }

    public void answerAgain() {
        away = false;
    }

    /** Whether a replica wants more places than it has. */
    public synchronized boolean wanted() {
        return holders.values().stream()
                .flatMap(all -> all.values().stream())
                .anyMatch(it -> it.wanted() > it.held());
    }

    /** How often it was asked for budgets. */
    public int asked() {
        return asked.get();
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public synchronized @Nullable List<Spent> spend(List<Spending> spendings) {
        asked.incrementAndGet();
        if (away) {
            return null;
        }
        var all = new ArrayList<Spent>();
        for (var it : spendings) {
            var now = clock.instant();
            var one = it.refill().dividedBy(it.capacity());
            var end = later(now, full.getOrDefault(it.key(), now));
            end = later(now, sooner(now.plus(it.refill()), end.plus(one.multipliedBy(it.spent()))));
            var after = end.plus(one.multipliedBy(it.wanted()));
            boolean granted = !after.isAfter(now.plus(it.refill()));
            end = granted ? after : end;
            full.put(it.key(), end);
            all.add(new Spent(granted, Duration.between(now, end)));
        }
        return all;
    }

    @Override
    public synchronized @Nullable Places hold(Holding it) {
        if (away) {
            return null;
        }
        var now = clock.instant();
        var all = holders.computeIfAbsent(it.key(), _ -> new HashMap<>());
        all.values().removeIf(held -> !held.until().isAfter(now));
        var others = new HashMap<>(all);
        others.remove(it.holder());
        int room = Math.max(0, it.most() - others.values().stream().mapToInt(Held::held).sum());
        boolean hungry = others.values().stream().anyMatch(o -> o.wanted() > o.held());
        boolean starved = others.values().stream().anyMatch(o -> o.held() == 0 && o.wanted() > 0);
        double share = (double) it.most() / (others.size() + 1);
        int fair = (int) (starved ? Math.floor(share) : Math.ceil(share));
        int may = hungry ? Math.min(room, Math.min(fair, Math.max(1, it.busy()))) : room;
        int granted = Math.max(it.held(), Math.min(it.wanted(), may));
        all.put(it.holder(), new Held(granted, it.wanted(), now.plus(it.lifetime())));
        if (granted == 0 && it.wanted() == 0) {
            all.remove(it.holder());
        }
        return new Places(granted, may);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant sooner(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    @Override
    public byte @Nullable [] get(SharedArea area, String key) {
        return values.get(area, key);
    }

    @Override
    public void put(SharedArea area, String key, byte[] value, Duration lifetime) {
        values.put(area, key, value, lifetime);
    }

    @Override
    public boolean compareAndSet(
            SharedArea area,
            String key,
            byte @Nullable [] expected,
            byte @Nullable [] value,
            Duration lifetime) {
        return values.compareAndSet(area, key, expected, value, lifetime);
    }

    @Override
    public boolean durable() {
        return false;
    }
}
