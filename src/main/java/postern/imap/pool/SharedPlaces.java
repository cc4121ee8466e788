package postern.imap.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.account.AccountKey;
import postern.account.LoginHashes;
import postern.shared.Holding;
import postern.shared.Places;
import postern.shared.SharedState;

/**
 * The connections of an account in all replicas together. Each replica tells the store how many it
 * has, before it opens one and again and again; what a replica that was killed had is free after a
 * while.
 */
final class SharedPlaces {

    /** Between the end of one round of telling and the begin of the next. */
    static final Duration PAUSE = Duration.ofSeconds(3);

    /** Many are told in each round, so that a slow telling loses nothing. */
    private static final int ROUNDS_OF_MANY = 5;

    private static final int ROUNDS_OF_FEW = 15;

    /** An account that has few places tells every so often of many ones. */
    private static final int SELDOM = 5;

    private static final int LOCKS = 64;

    /** Accounts per call, since the script of one call holds up all other clients of the store. */
    private static final int AT_ONCE = 250;

    private static final Duration LONGEST_ROUND = Duration.ofMinutes(1);

    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private final SharedState state;
    private final LoginHashes hashes;
    private final Function<AccountKey, Demand> demand;
    private final BiConsumer<AccountKey, @Nullable Places> answered;
    private final String replica = UUID.randomUUID().toString();
    private final ReentrantLock[] order =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

    /** The accounts that the store has something of, and whether others may wait for it. */
    private final Map<AccountKey, Boolean> told = new ConcurrentHashMap<>();

    private final Set<AccountKey> soon = ConcurrentHashMap.newKeySet();
    private volatile Duration lastRound = Duration.ZERO;

    /**
     * @param demand what an account has at present
     * @param answered gets null where the store does not answer
     */
    SharedPlaces(
            SharedState state,
            LoginHashes hashes,
            Function<AccountKey, Demand> demand,
            BiConsumer<AccountKey, @Nullable Places> answered) {
        this.state = state;
        this.hashes = hashes;
        this.demand = demand;
        this.answered = answered;
    }

    /** Whether other replicas have connections of the same accounts. */
    boolean shared() {
        return state.shared();
    }

    /** What an account has in this replica. */
    record Demand(int held, int busy, int wanted, int most) {

        static final Demand NONE = new Demand(0, 0, 0, 0);

        /** Whether another replica may wait for some of them, or this one for some of another. */
        boolean urgent() {
            return wanted > held || 2 * held > most;
        }

        private boolean none() {
            return held == 0 && wanted == 0;
        }
    }

    /** The accounts that the store has something of. */
    Set<AccountKey> told() {
        return Set.copyOf(told.keySet());
    }

    /**
     * Whether it is to be told in this round: most accounts have few connections, and change
     * little.
     */
    boolean due(AccountKey account, Demand present, int round) {
        boolean outdated = told.getOrDefault(account, false) || present.none();
        return present.urgent()
                || outdated
                || Math.floorMod(account.hashCode() + round, SELDOM) == 0;
    }

    /** How long a round took; what is told holds the longer. */
    void lasted(Duration round) {
        lastRound = round.compareTo(LONGEST_ROUND) < 0 ? round : LONGEST_ROUND;
    }

    /** Tells the store; of one account only one thread does so at a time. */
    void tell(Collection<AccountKey> accounts) {
        byLock(accounts).forEach(this::tell);
    }

    /** Tells at once, in a thread of its own; what is asked for while it waits is told as well. */
    void tellSoon(AccountKey account) {
        if (shared() && soon.add(account)) {
            Thread.ofVirtual().name("imap-place").start(() -> tell(List.of(account)));
        }
    }

    /** Tells what is told no more when this process ends; waits for a few seconds at most. */
    void tellTheLast() {
        if (!shared()) {
            return;
        }
        var threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());
        byLock(told.keySet())
                .forEach((lock, accounts) -> threads.execute(() -> tell(lock, accounts)));
        threads.shutdown();
        try {
            threads.awaitTermination(FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<Integer, List<AccountKey>> byLock(Collection<AccountKey> accounts) {
        return accounts.stream()
                .collect(Collectors.groupingBy(it -> Math.floorMod(it.hashCode(), LOCKS)));
    }

    private void tell(int lock, List<AccountKey> accounts) {
        for (int i = 0; i < accounts.size(); i += AT_ONCE) {
            var some = accounts.subList(i, Math.min(accounts.size(), i + AT_ONCE));
            order[lock].lock();
            try {
                tellInOrder(some);
            } finally {
                order[lock].unlock();
            }
        }
    }

    private void tellInOrder(List<AccountKey> accounts) {
        var holdings = new ArrayList<Holding>();
        for (var account : accounts) {
            soon.remove(account);
            var present = demand.apply(account);
            holdings.add(holding(account, present));
            if (present.none()) {
                told.remove(account);
            } else {
                told.put(account, present.urgent());
            }
        }
        var answers = state.hold(holdings);
        for (int i = 0; i < accounts.size(); i++) {
            answered.accept(accounts.get(i), answers == null ? null : answers.get(i));
        }
    }

    private Holding holding(AccountKey account, Demand present) {
        int rounds = present.urgent() ? ROUNDS_OF_MANY : ROUNDS_OF_FEW;
        return new Holding(
                name(account),
                replica,
                present.held(),
                present.busy(),
                present.wanted(),
                present.most(),
                PAUSE.plus(lastRound).multipliedBy(rounds));
    }

    private String name(AccountKey account) {
        return hashes.ofParts("connections", account.server().toString(), account.user());
    }
}
