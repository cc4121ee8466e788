package postern.web.body;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many bodies are unfinished: of each account, of each client address, and in all. One that is
 * read into memory counts more, the more of it has come. Thread-safe.
 */
final class BodyShares {

    private final int most;
    private final Map<String, Integer> taken = new HashMap<>();
    private int total;
    private int unproven;

    BodyShares(int most) {
        this.most = most;
    }

    /**
     * One of those who share.
     *
     * @param most how many unfinished bodies it may have
     * @param proven whether it is an account that has proven to be itself
     */
    record Owner(String key, int most, boolean proven) {

        /** A large body may always come, even if no other can beside it. */
        int mostOfOne() {
            return Math.max(1, most / 2);
        }
    }

    /** What has been used up. */
    enum Refusal {
        OF_OWNER,
        OF_ALL
    }

    /** Takes as much of the owner's share and of the whole, or nothing. */
    synchronized @Nullable Refusal take(Owner owner, int amount) {
        int before = taken.getOrDefault(owner.key(), 0);
        if (before + amount > owner.most()) {
            return Refusal.OF_OWNER;
        }
        // Those who have proven nothing leave half to the others.
        if (total + amount > most || !owner.proven() && unproven + amount > most / 2) {
            return Refusal.OF_ALL;
        }
        total += amount;
        unproven += owner.proven() ? 0 : amount;
        taken.put(owner.key(), before + amount);
        return null;
    }

    synchronized void giveBack(Owner owner, int amount) {
        total -= amount;
        unproven -= owner.proven() ? 0 : amount;
        taken.computeIfPresent(
                owner.key(), (_, before) -> before == amount ? null : before - amount);
    }

    synchronized int total() {
        return total;
    }
}
