package postern.shared;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What several replicas in one process share, budgets and places too, as {@link ValkeySharedState}
 * has them.
 */
public final class StateOfReplicas extends DelegatingState {

    /**
     * @param since when it began to wait with none
     */
    private record Held(int held, int wanted, Instant until, Instant since) {}

    private static final Duration WISH = Duration.ofSeconds(3);

    private final InstantSource clock;
    private final Map<String, Instant> full = new HashMap<>();
    private final Map<String, TreeMap<String, Held>> holders = new HashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger inVain = new AtomicInteger();
    private volatile boolean away;
    private volatile boolean answersLost;

    public StateOfReplicas() {
        this(InstantSource.system());
    }

    public StateOfReplicas(InstantSource clock) {
        super(new InMemorySharedState(clock));
        this.clock = clock;
    }

    /** Budgets and places are not answered for until {@link #answerAgain}. */
    public void fail() {
        away = true;
    }

    /** It counts budgets, and its answers do not come. */
    public void loseAnswers() {
        answersLost = true;
    }

    /** How many questions about budgets were not answered. */
    public int askedInVain() {
        return inVain.get();
    }

    public void answerAgain() {
        away = false;
        answersLost = false;
    }

    /** Whether a replica wants more places than it has. */
    public synchronized boolean wanted() {
        return holders.values().stream()
                .flatMap(all -> all.values().stream())
                .anyMatch(it -> it.wanted() > it.held());
    }

    /** How many replicas have no place and want one. */
    public synchronized long waiting() {
        return holders.values().stream()
                .flatMap(all -> all.values().stream())
                .filter(it -> it.held() == 0)
                .count();
    }

    /** How often it was asked for budgets. */
    public int asked() {
        return asked.get();
    }

    /** How often it was asked for places. */
    public int askedForPlaces() {
        return held.get();
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public synchronized @Nullable List<Spent> spend(List<Spending> spendings) {
        asked.incrementAndGet();
        if (away) {
            inVain.incrementAndGet();
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
        if (answersLost) {
            inVain.incrementAndGet();
            return null;
        }
        return all;
    }

    @Override
    public synchronized @Nullable List<Places> hold(List<Holding> holdings) {
        held.incrementAndGet();
        return away ? null : holdings.stream().map(this::hold).toList();
    }

    private Places hold(Holding it) {
        var now = clock.instant();
        var all = holders.computeIfAbsent(it.key(), _ -> new TreeMap<>());
        all.values().removeIf(held -> !held.until().isAfter(now));
        var own = all.get(it.holder());
        var since = own == null || own.held() > 0 ? now : own.since();
        var others = new TreeMap<>(all);
        others.remove(it.holder());
        int taken = others.values().stream().mapToInt(Held::held).sum();
        int room = Math.max(0, it.most() - taken);
        int replicas = others.size() + 1;
        var waiting = new TreeMap<>(others);
        waiting.values().removeIf(o -> o.held() > 0);
        int may = room;
        if (others.values().stream().anyMatch(o -> o.wanted() > o.held())) {
            int upTo = it.most() + (waiting.isEmpty() ? replicas - 1 : 0);
            may = Math.min(room, Math.min(upTo / replicas, Math.max(1, it.busy())));
        }
        if (it.held() == 0) {
            long ahead =
                    waiting.entrySet().stream()
                            .filter(o -> {
                                int order = o.getValue().since().compareTo(since);
                                return order < 0
                                        || order == 0 && o.getKey().compareTo(it.holder()) < 0;
                            })
                            .count();
            may = room > ahead ? Math.max(1, may) : 0;
        } else if (it.held() + taken > it.most()) {
            boolean more = others.headMap(it.holder()).size() < it.most() % replicas;
            int fair = it.most() / replicas + (more ? 1 : 0);
            may = Math.max(may, Math.min(it.held(), fair));
        }
        int granted = Math.max(it.held(), Math.min(it.wanted(), may));
        if (granted == 0 && it.wanted() == 0) {
            all.remove(it.holder());
        } else {
            boolean wish = granted == 0 && it.lifetime().compareTo(WISH) > 0;
            all.put(
                    it.holder(),
                    new Held(granted, it.wanted(), now.plus(wish ? WISH : it.lifetime()), since));
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
    public boolean durable() {
        return false;
    }
}
