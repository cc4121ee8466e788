package postern.imap.pool;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

    /** Many are told every three seconds, so that a slow telling loses nothing. */
    private static final Duration LIFETIME_OF_MANY = Duration.ofSeconds(15);

    private static final Duration LIFETIME_OF_FEW = Duration.ofSeconds(45);

    /** An account that has few places tells every so often of many ones. */
    private static final int SELDOM = 5;

    private static final int LOCKS = 64;

    private final SharedState state;
    private final LoginHashes hashes;
    private final String replica = UUID.randomUUID().toString();
    private final ReentrantLock[] order =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

    SharedPlaces(SharedState state, LoginHashes hashes) {
        this.state = state;
        this.hashes = hashes;
    }

    /** Whether other replicas have connections of the same accounts. */
    boolean shared() {
        return state.shared();
    }

    /** What an account has in this replica. */
    record Demand(int held, int busy, int wanted, int most) {

        /** Whether another replica may wait for some of them, or this one for some of another. */
        boolean urgent() {
            return wanted > held || 2 * held > most;
        }

        /** Whether it is to be told now; most accounts have few connections, and change little. */
        boolean due(AccountKey account, int round) {
            return urgent() || Math.floorMod(account.hashCode() + round, SELDOM) == 0;
        }
    }

    /**
     * Tells the store; of one account only one thread does so at a time.
     *
     * @param answered gets null where the store does not answer
     */
    void tell(AccountKey account, Supplier<Demand> demand, Consumer<@Nullable Places> answered) {
        var lock = order[Math.floorMod(account.hashCode(), LOCKS)];
        lock.lock();
        try {
            var present = demand.get();
            answered.accept(
                    state.hold(
                            new Holding(
                                    name(account),
                                    replica,
                                    present.held(),
                                    present.busy(),
                                    present.wanted(),
                                    present.most(),
                                    present.urgent() ? LIFETIME_OF_MANY : LIFETIME_OF_FEW)));
        } finally {
            lock.unlock();
        }
    }

    private String name(AccountKey account) {
        return hashes.ofParts("connections", account.server().toString(), account.user());
    }
}
