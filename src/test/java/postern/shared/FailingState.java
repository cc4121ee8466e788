package postern.shared;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A store of the replicas that cannot be reached while the test wants it so. */
public final class FailingState implements SharedState {

    private final SharedState rest;
    private volatile boolean away;
    private volatile boolean answersLost;

    public FailingState() {
        this(new InMemorySharedState(InstantSource.system()));
    }

    /**
     * @param rest what it keeps
     */
    public FailingState(SharedState rest) {
        this.rest = rest;
    }

    public void away(boolean now) {
        away = now;
    }

    /** It does what it is asked for, and its answers do not come. */
    public void answersLost(boolean now) {
        answersLost = now;
    }

    private SharedState reached() {
        if (away) {
            throw new SharedStateUnavailable(null);
        }
        return rest;
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
        boolean done = reached().compareAndSet(area, key, expected, value, lifetime);
        if (answersLost) {
            throw new SharedStateUnavailable(null);
        }
        return done;
    }

    @Override
    public boolean durable() {
        return true;
    }
}
