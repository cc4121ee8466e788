package postern.shared;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A state that cannot be reached while it is stopped. */
public final class StoppableState implements SharedState {

    private final SharedState state;
    private volatile boolean stopped;

    public StoppableState(SharedState state) {
        this.state = state;
    }

    public void stop() {
        stopped = true;
    }

    public void goOn() {
        stopped = false;
    }

    private SharedState reached() {
        if (stopped) {
            throw new SharedStateUnavailable(null);
        }
        return state;
    }

    @Override
    public byte @Nullable [] get(SharedArea area, String key) {
        return reached().get(area, key);
    }

    @Override
    public void put(SharedArea area, String key, byte[] value, Duration lifetime) {
        reached().put(area, key, value, lifetime);
    }

    @Override
    public boolean compareAndSet(
            SharedArea area,
            String key,
            byte @Nullable [] expected,
            byte @Nullable [] value,
            Duration lifetime) {
        return reached().compareAndSet(area, key, expected, value, lifetime);
    }

    @Override
    public boolean durable() {
        return false;
    }
}
