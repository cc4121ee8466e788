package postern.web.idempotency;

import java.util.Optional;

/**
 * Stores attempts by idempotency key. Replicas agree on them only if they share the store and the
 * key of {@link postern.account.LoginHashes}; the in-memory store knows only the requests of its
 * own process.
 */
interface AttemptStore {

    /** Atomically begins an attempt, or returns the one already stored under this name. */
    Optional<Attempt> begin(String name, Attempt.Running attempt);

    /**
     * Atomically replaces the earlier attempt with a new one; false if another request did so
     * first.
     */
    boolean beginAgain(String name, Attempt.Doubtful earlier, Attempt.Running attempt);

    /** Records how the attempt ended. */
    void end(String name, Attempt attempt);

    /** Removes an attempt that did nothing, so that the next one counts as the first. */
    void forget(String name);
}
