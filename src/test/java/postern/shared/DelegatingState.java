package postern.shared;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keeps its values in another state; a test overrides what it is about. */
public abstract class DelegatingState implements SharedState {

    protected final SharedState all;

    protected DelegatingState(SharedState all) {
        this.all = all;
    }

    @Override
    public byte @Nullable [] get(SharedArea area, String key) {
        return all.get(area, key);
    }

    @Override
    public void put(SharedArea area, String key, byte[] value, Duration lifetime) {
        all.put(area, key, value, lifetime);
    }

    @Override
    public boolean compareAndSet(
            SharedArea area,
            String key,
            byte @Nullable [] expected,
            byte @Nullable [] value,
            Duration lifetime) {
        return all.compareAndSet(area, key, expected, value, lifetime);
    }
}
