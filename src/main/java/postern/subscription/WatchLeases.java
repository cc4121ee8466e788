package postern.subscription;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/**
 * Which replica watches for the subscriptions of an owner. A lease ends by itself when its replica
 * dies. It saves work and keeps deliveries in order; what keeps the progress right is its epoch.
 */
@Component
class WatchLeases {

    private final SharedState state;
    private final Duration lifetime;
    private final byte[] replica = UUID.randomUUID().toString().getBytes(US_ASCII);

    WatchLeases(SharedState state, SubscriptionProperties properties) {
        this.state = state;
        this.lifetime = properties.lease();
    }

    /** False where another replica has it. */
    boolean take(String owner) {
        return set(owner, null, replica);
    }

    /** False where it has ended. */
    boolean renew(String owner) {
        return set(owner, replica, replica);
    }

    void release(String owner) {
        set(owner, replica, null);
    }

    private boolean set(String owner, byte @Nullable [] before, byte @Nullable [] after) {
        return state.compareAndSet(SharedArea.SUBSCRIPTION_LEASES, owner, before, after, lifetime);
    }
}
