package postern.login;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.shared.SharedState;
import postern.shared.Spending;
import postern.shared.Spent;

/**
 * A token bucket of one key. It counts what this process takes, and is at the same time this
 * process's view of the budget that all replicas share.
 *
 * <p>A small budget is asked for in the store each time. Of a large one a replica takes up to a
 * hundredth before it waits for the store, which it tells meanwhile; once half is gone, it asks
 * each time. Two hundredths for each replica may so be taken too many: one that was not told yet,
 * and one that is being told.
 */
public final class Budget {

    /** A budget of fewer tokens is asked for each time. */
    private static final int HUNDREDTH = 100;

    /** What the store said is asked again after this time. */
    private static final long FRESH_NANOS = 1_000_000_000;

    /** For so long the store is not asked again about a large budget that is used up. */
    private static final long REFUSED_NANOS = 100_000_000;

    private final Budgets budgets;
    private final String key;
    private final Bucket bucket;
    private final long share;
    private final double nanosPerToken;

    /** Taken and not told; negative where more was given back. */
    private long untold;

    private boolean telling;
    private @Nullable Spent last;
    private long lastAt;
    private long toldAt;

    Budget(Budgets budgets, String key, Bucket bucket) {
        this.budgets = budgets;
        this.key = key;
        this.bucket = bucket;
        this.share = budgets.capacity() / HUNDREDTH;
        this.toldAt = budgets.clock().currentTimeNanos() - FRESH_NANOS;
        this.nanosPerToken = (double) budgets.refill().toNanos() / budgets.capacity();
    }

    /**
     * What was taken, and what is left.
     *
     * @param retryAfter after what time there is a token where none was taken
     * @param untilFull after what time the budget is full again
     */
    public record Taken(boolean granted, long remaining, Duration retryAfter, Duration untilFull) {}

    /** Takes a token if there is one. */
    public Taken take() {
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        var own =
                new Taken(
                        probe.isConsumed(),
                        probe.getRemainingTokens(),
                        Duration.ofNanos(probe.getNanosToWaitForRefill()),
                        Duration.ofNanos(probe.getNanosToWaitForReset()));
        if (!own.granted() || !state().shared()) {
            return own;
        }
        long owed;
        synchronized (this) {
            untold++;
            if (refusedLately()) {
                untold--;
                bucket.addTokens(1);
                return combined(own, refusedNow());
            }
            if (withinShare()) {
                tellSoon();
                var known = last;
                return known == null ? own : combined(own, new Spent(true, since(known)));
            }
            owed = untold - 1;
            untold = 0;
        }
        var spent = first(state().spend(List.of(spending(owed, 1))));
        if (spent == null) {
            tellLater(owed);
            return own;
        }
        remember(spent);
        if (!spent.granted()) {
            bucket.addTokens(1);
        }
        return combined(own, spent);
    }

    /**
     * Undoes {@link #take}; nobody waits for it. Where the store did not answer, it may have
     * counted the token: it is told of it as soon as it answers.
     */
    void giveBack() {
        bucket.addTokens(1);
        if (!state().shared()) {
            return;
        }
        synchronized (this) {
            untold--;
            if (untold < 0 && !telling) {
                telling = true;
                Thread.ofVirtual().name("budget").start(this::tell);
            }
        }
    }

    /** What was given back while the store did not answer; what was taken meanwhile is let go. */
    private synchronized void tellLater(long owed) {
        untold += Math.min(0, owed);
    }

    private synchronized long takeOwed() {
        long owed = untold;
        untold = 0;
        return owed;
    }

    /** How long until there is a token in each of them; zero where there is one. */
    static Duration longestWait(Budget... all) {
        var longest = Duration.ZERO;
        for (var one : all) {
            var estimate = one.bucket.estimateAbilityToConsume(1);
            if (!estimate.canBeConsumed()) {
                longest = longer(longest, Duration.ofNanos(estimate.getNanosToWaitForRefill()));
            }
        }
        var state = all[0].state();
        if (!longest.isZero() || !state.shared()) {
            return longest;
        }
        var owed = Stream.of(all).map(it -> it.spending(it.takeOwed(), 0)).toList();
        var spent = state.spend(owed);
        if (spent == null) {
            for (int i = 0; i < all.length; i++) {
                all[i].tellLater(owed.get(i).spent());
            }
        } else {
            for (int i = 0; i < all.length; i++) {
                longest = longer(longest, all[i].waitAt(spent.get(i).untilFull()));
            }
        }
        return longest;
    }

    /** Takes a token of each, or what is left of one. */
    static void charge(Budget... all) {
        for (var one : all) {
            one.bucket.tryConsume(1);
        }
        if (all[0].state().shared()) {
            all[0].state().spend(Stream.of(all).map(it -> it.spending(1, 0)).toList());
        }
    }

    private SharedState state() {
        return budgets.state();
    }

    private Spending spending(long spent, long wanted) {
        return new Spending(key, budgets.capacity(), budgets.refill(), spent, wanted);
    }

    private static @Nullable Spent first(@Nullable List<Spent> spent) {
        return spent == null ? null : spent.getFirst();
    }

    private Taken combined(Taken own, Spent spent) {
        return new Taken(
                spent.granted(),
                Math.min(own.remaining(), left(spent.untilFull())),
                spent.granted() ? Duration.ZERO : waitAt(spent.untilFull()),
                longer(own.untilFull(), spent.untilFull()));
    }

    private long left(Duration untilFull) {
        return Math.max(
                0, (long) (budgets.capacity() - untilFull.toNanos() / nanosPerToken + 0.001));
    }

    private Duration waitAt(Duration untilFull) {
        double room = budgets.refill().toNanos() - untilFull.toNanos();
        return Duration.ofNanos((long) Math.max(0, nanosPerToken - room - 1_000));
    }

    private synchronized void remember(Spent spent) {
        last = spent;
        lastAt = now();
    }

    private long now() {
        return budgets.clock().currentTimeNanos();
    }

    /** What the store would say now of what it last said, and what was taken here since. */
    private Duration since(Spent known) {
        long left = known.untilFull().toNanos() - (now() - lastAt);
        return Duration.ofNanos(Math.max(0, left) + (long) (untold * nanosPerToken));
    }

    private boolean refusedLately() {
        var known = last;
        return share > 0 && known != null && !known.granted() && now() - lastAt < forgotten(known);
    }

    private long forgotten(Spent refused) {
        return Math.min(REFUSED_NANOS, waitAt(refused.untilFull()).toNanos());
    }

    private Spent refusedNow() {
        return new Spent(false, since(Objects.requireNonNull(last)));
    }

    /** Whether this process may take what it has not told yet without asking. */
    private boolean withinShare() {
        var known = last;
        return untold <= share && (known == null || left(since(known)) >= budgets.capacity() / 2);
    }

    private void tellSoon() {
        boolean due = untold > share / 2 || now() - toldAt >= FRESH_NANOS;
        if (due && !telling) {
            telling = true;
            toldAt = now();
            Thread.ofVirtual().name("budget").start(this::tell);
        }
    }

    /** Until nothing is left that was given back, unless the store does not answer. */
    private void tell() {
        boolean more = true;
        while (more) {
            long owed = takeOwed();
            @Nullable Spent spent = null;
            try {
                spent = first(state().spend(List.of(spending(owed, 0))));
            } finally {
                more = told(owed, spent);
            }
        }
    }

    private synchronized boolean told(long owed, @Nullable Spent spent) {
        if (spent == null) {
            tellLater(owed);
        } else {
            remember(spent);
        }
        telling = spent != null && untold < 0;
        return telling;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
