package postern.login;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.springframework.stereotype.Component;
import postern.account.LoginHashes;
import postern.shared.SharedState;

/** Makes budgets that hold for all replicas together, where they share a store. */
@Component
public final class SharedBudgets {

    private final SharedState state;
    private final LoginHashes hashes;

    public SharedBudgets(SharedState state, LoginHashes hashes) {
        this.state = state;
        this.hashes = hashes;
    }

    /**
     * @param name tells these budgets from others
     * @param capacity the tokens of a full budget
     * @param refill the time in which an empty budget becomes full again, evenly
     */
    public Budgets of(String name, int capacity, Duration refill) {
        return of(name, capacity, refill, TimeMeter.SYSTEM_NANOTIME);
    }

    Budgets of(String name, int capacity, Duration refill, TimeMeter clock) {
        return new Budgets(state, key -> hashes.ofParts(name, key), capacity, refill, clock);
    }
}
