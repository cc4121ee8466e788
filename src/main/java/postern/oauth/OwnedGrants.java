package postern.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.OAuthGrant;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/**
 * Bounds the grants of each user, so that nobody drives out those of others by signing in again and
 * again: when there are too many, the user's oldest one is dropped.
 */
final class OwnedGrants {

    /** More sessions at the same time than a user has apps and tabs. */
    static final int MOST = 100;

    private static final String SEPARATOR = "\n";

    private final SharedState state;

    OwnedGrants(SharedState state) {
        this.state = state;
    }

    /**
     * Adds a grant that has just been stored.
     *
     * @param owner the same for all grants of a user; it reveals nothing of the user
     * @param lifetime that of the grant
     */
    void add(String owner, OAuthGrant grant, Duration lifetime) {
        while (true) {
            var octets = state.get(SharedArea.GRANT_OWNERS, owner);
            var ids = ids(octets);
            ids.add(grant.id());
            if (ids.size() > MOST) {
                ids.removeIf(id -> state.get(SharedArea.GRANTS, id) == null);
            }
            int tooMany = Math.max(0, ids.size() - MOST);
            var dropped = ids.subList(0, tooMany);
            var kept = String.join(SEPARATOR, ids.subList(tooMany, ids.size()));
            if (state.compareAndSet(
                    SharedArea.GRANT_OWNERS, owner, octets, kept.getBytes(US_ASCII), lifetime)) {
                dropped.forEach(this::drop);
                return;
            }
        }
    }

    private void drop(String id) {
        for (var octets = state.get(SharedArea.GRANTS, id);
                octets != null;
                octets = state.get(SharedArea.GRANTS, id)) {
            state.compareAndSet(SharedArea.GRANTS, id, octets, null, Duration.ZERO);
        }
    }

    private static List<String> ids(byte @Nullable [] octets) {
        return octets == null
                ? new ArrayList<>()
                : new ArrayList<>(Arrays.asList(new String(octets, US_ASCII).split(SEPARATOR)));
    }
}
