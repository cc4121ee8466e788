package postern.subscription;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/**
 * Which subscriptions there are: the ids of each owner, and the owners in a fixed number of lists,
 * so that a replica that has just started finds all of them without a way to enumerate the store.
 */
@Component
class SubscriptionIndex {

    private static final int LISTS = 64;
    private static final String SEPARATOR = "\n";
    private static final Duration SPARE = Duration.ofDays(1);

    private final SharedState state;
    private final Duration lifetime;

    SubscriptionIndex(SharedState state, SubscriptionProperties properties) {
        this.state = state;
        this.lifetime = properties.longest().plus(SPARE);
    }

    /**
     * Whose subscriptions these are: a mailbox and who logs in for it. The name shows neither, and
     * does not depend on a key.
     */
    static String owner(Account account) {
        return AccountKey.of(account).sharedName("subscriptions\n" + account.login());
    }

    List<String> ids(String owner) {
        return lines(state.get(SharedArea.SUBSCRIPTION_OWNERS, owner));
    }

    /**
     * False where the owner has that many. The owner is listed first: an id whose owner is not
     * would never be watched for, and an owner without ids is forgotten. Where this throws, the id
     * may be there or not.
     */
    boolean add(String owner, String id, int most) {
        list(owner);
        while (true) {
            var octets = state.get(SharedArea.SUBSCRIPTION_OWNERS, owner);
            var ids = lines(octets);
            if (ids.size() >= most) {
                return false;
            }
            ids.add(id);
            if (set(SharedArea.SUBSCRIPTION_OWNERS, owner, octets, ids)) {
                list(owner); // also where it is listed: who saw no ids cannot take it out any more
                return true;
            }
        }
    }

    void remove(String owner, String id) {
        while (true) {
            var octets = state.get(SharedArea.SUBSCRIPTION_OWNERS, owner);
            var ids = lines(octets);
            if (!ids.remove(id)
                    || set(
                            SharedArea.SUBSCRIPTION_OWNERS,
                            owner,
                            octets,
                            ids.isEmpty() ? null : ids)) {
                return;
            }
        }
    }

    /** Lists the owner again where it was forgotten while an id came, or the list was lost. */
    void requireListed(String owner) {
        var lines = lines(state.get(SharedArea.SUBSCRIPTION_INDEX, listOf(owner)));
        if (!lines.contains(owner) && !ids(owner).isEmpty()) {
            list(owner);
        }
    }

    /** Keeps the lists for as long as a renewed subscription may last. */
    void touch(String owner) {
        while (true) {
            var octets = state.get(SharedArea.SUBSCRIPTION_OWNERS, owner);
            if (octets == null
                    || state.compareAndSet(
                            SharedArea.SUBSCRIPTION_OWNERS, owner, octets, octets, lifetime)) {
                list(owner);
                return;
            }
        }
    }

    Set<String> owners() {
        var owners = new LinkedHashSet<String>();
        for (int i = 0; i < LISTS; i++) {
            var lines = lines(state.get(SharedArea.SUBSCRIPTION_INDEX, Integer.toString(i)));
            owners.addAll(lines.subList(Math.min(1, lines.size()), lines.size()));
        }
        return owners;
    }

    int inAll() {
        return owners().stream().mapToInt(owner -> ids(owner).size()).sum();
    }

    /**
     * Takes an owner without subscriptions out of the lists. Who adds one meanwhile writes the list
     * after the owner has it, so that this fails, or it is listed again; and this looks at the
     * owner once more, for one who adds it and comes to an end in between.
     */
    void forgetIfNone(String owner) {
        var list = listOf(owner);
        var octets = state.get(SharedArea.SUBSCRIPTION_INDEX, list);
        if (octets != null && ids(owner).isEmpty()) {
            set(
                    SharedArea.SUBSCRIPTION_INDEX,
                    list,
                    octets,
                    changed(lines(octets), it -> !it.equals(owner)));
            requireListed(owner);
        }
    }

    private void list(String owner) {
        while (true) {
            var list = listOf(owner);
            var octets = state.get(SharedArea.SUBSCRIPTION_INDEX, list);
            var lines = changed(lines(octets), it -> !it.equals(owner));
            lines.add(owner);
            if (set(SharedArea.SUBSCRIPTION_INDEX, list, octets, lines)) {
                return;
            }
        }
    }

    /** The first line is a number that grows, so that no list is ever what it was before. */
    private static List<String> changed(List<String> lines, Predicate<String> kept) {
        long version = lines.isEmpty() ? 0 : Long.parseLong(lines.getFirst());
        var next = new ArrayList<String>();
        next.add(Long.toString(version + 1));
        lines.stream().skip(1).filter(kept).forEach(next::add);
        return next;
    }

    private static String listOf(String owner) {
        return Integer.toString(Math.floorMod(owner.hashCode(), LISTS));
    }

    private boolean set(
            SharedArea area, String key, byte @Nullable [] before, @Nullable List<String> lines) {
        return state.compareAndSet(
                area,
                key,
                before,
                lines == null ? null : String.join(SEPARATOR, lines).getBytes(US_ASCII),
                lifetime);
    }

    private static List<String> lines(byte @Nullable [] octets) {
        return octets == null
                ? new ArrayList<>()
                : new ArrayList<>(Arrays.asList(new String(octets, US_ASCII).split(SEPARATOR)));
    }
}
