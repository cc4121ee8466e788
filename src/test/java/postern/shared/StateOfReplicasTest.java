package postern.shared;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** The state that tests share counts as a Valkey does. */
class StateOfReplicasTest implements CountsOfReplicas {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final StateOfReplicas state = new StateOfReplicas(now::get);

    @Override
    public SharedState counts() {
        return state;
    }

    @Override
    public void passMoment() {
        now.updateAndGet(it -> it.plusMillis(10));
    }
}
