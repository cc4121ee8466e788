package postern.web.idempotency;

import java.util.Optional;

/**
 * The requests that came with an idempotency key. Replicas agree on them only if they share this
 * and the key of {@link postern.account.AccountKeys}; the one in memory knows those that came here.
 */
interface AttemptStore {

    /** Begins an attempt in one step, or gives the one that is known under this name already. */
    Optional<Attempt> begin(String name, Attempt.Running attempt);

    /** Begins another attempt in one step, unless somebody else did; false then. */
    boolean beginAgain(String name, Attempt.Doubtful earlier, Attempt.Running attempt);

    /** How it ended. */
    void end(String name, Attempt attempt);

    /** It did nothing, so that the next one is the first. */
    void forget(String name);
}
