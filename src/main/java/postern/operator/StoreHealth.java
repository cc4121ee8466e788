package postern.operator;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;
import postern.shared.SharedState;

/**
 * Whether the store of the replicas answers. Most requests do without it, so that the health of the
 * whole does not count it.
 */
@Component("sharedStateHealthIndicator")
final class StoreHealth implements HealthIndicator {

    private final SharedState state;

    StoreHealth(SharedState state) {
        this.state = state;
    }

    @Override
    public Health health() {
        return Health.status(state.answers() ? Status.UP : MailServersHealth.UNREACHABLE)
                .withDetail("durable", state.durable())
                .build();
    }
}
