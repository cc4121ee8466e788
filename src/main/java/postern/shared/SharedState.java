package postern.shared;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Small values that every replica of the gateway sees. Each has a lifetime, after which it is
 * absent. It may be absent earlier where the memory for its area is used up; then the values that
 * would have ended soonest are lost. In an area that is {@linkplain SharedArea#lossless lossless}
 * nothing is lost, and {@link SharedStateFull} is thrown instead. There a key begins with an owner
 * and a colon: one owner has a part of the memory at most, so that it leaves room to others. The
 * last eighth is kept for values that replace others or have no owner.
 *
 * <p>Where the store cannot be reached, a method throws {@link SharedStateUnavailable}, unless the
 * area can do without; see {@link SharedArea}.
 *
 * <p>What a value reveals, a reader of the store knows: secrets are encrypted or hashed before they
 * come here.
 */
public interface SharedState {

    /** Null where there is none, or its lifetime is over. */
    byte @Nullable [] get(SharedArea area, String key);

    /** Whether there is a value for any of the keys; asks the store once. */
    default boolean hasAny(SharedArea area, Collection<String> keys) {
        return keys.stream().anyMatch(key -> get(area, key) != null);
    }

    void put(SharedArea area, String key, byte[] value, Duration lifetime);

    /**
     * Puts the value, or removes it where it is null, in one step and only if the present value is
     * the expected one; null expects that there is none. False where it is not.
     */
    boolean compareAndSet(
            SharedArea area,
            String key,
            byte @Nullable [] expected,
            byte @Nullable [] value,
            Duration lifetime);

    /** Whether other processes see it, too; only then do the next two methods do anything. */
    default boolean shared() {
        return false;
    }

    /**
     * Takes from budgets that all replicas share, in one round trip. Null where they are not
     * shared, or the store does not answer: then each replica goes by its own count.
     */
    default @Nullable List<Spent> spend(List<Spending> spendings) {
        return null;
    }

    /**
     * Says how many places of a few a replica holds, and asks for more; of many accounts in one
     * round trip. What is not said again within the lifetime has been given back. Null where
     * nothing is shared, or the store does not answer.
     */
    default @Nullable List<Places> hold(List<Holding> holdings) {
        return null;
    }

    /** Whether the values outlive this process, and the store. */
    boolean durable();

    /** Whether the store answers at the moment. */
    default boolean answers() {
        return true;
    }
}
