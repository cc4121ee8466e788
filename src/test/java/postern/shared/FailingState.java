package postern.shared;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A state of which some areas cannot be reached for a while, as when the store is away. */
public final class FailingState implements SharedState {

    private final SharedState all;
    private final boolean durable;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Set<SharedArea> away = Set.of();
    private volatile boolean answersLost;
    private volatile CountDownLatch failed = new CountDownLatch(0);

    public FailingState() {
        this(new InMemorySharedState(InstantSource.system()));
    }

    /**
     * @param all what it keeps
     */
    public FailingState(SharedState all) {
        this(all, true);
    }

    public FailingState(SharedState all, boolean durable) {
        this.all = all;
        this.durable = durable;
    }

    /** Until {@link #answerAgain}. */
    public void fail() {
        fail(EnumSet.allOf(SharedArea.class));
    }

    public void fail(Set<SharedArea> areas) {
        failed = new CountDownLatch(1);
        failures.set(Integer.MAX_VALUE);
        away = areas;
    }

    /** One of these areas is away once. */
    public void failOnce(Set<SharedArea> areas) {
        fail(areas);
        failures.set(1);
    }

    public void answerAgain() {
        away = Set.of();
    }

    /** It does what it is asked for, and its answers do not come. */
    public void loseAnswers() {
        answersLost = true;
    }

    public void deliverAnswers() {
        answersLost = false;
    }

    /** Until something was asked in vain. */
    public void awaitFailure() throws InterruptedException {
        failed.await();
    }

    private SharedState of(SharedArea area) {
        if (away.contains(area) && failures.getAndDecrement() > 0) {
            failed.countDown();
            throw new SharedStateUnavailable(null);
        }
        return all;
    }

    /** As a replica does it, which has a mirror of some areas. */
    @Override
    public byte @Nullable [] get(SharedArea area, String key) {
        return area.mirrored() ? all.get(area, key) : of(area).get(area, key);
    }

    @Override
    public void put(SharedArea area, String key, byte[] value, Duration lifetime) {
        of(area).put(area, key, value, lifetime);
    }

    @Override
    public boolean compareAndSet(
            SharedArea area,
            String key,
            byte @Nullable [] expected,
            byte @Nullable [] value,
            Duration lifetime) {
        boolean done = of(area).compareAndSet(area, key, expected, value, lifetime);
        if (answersLost) {
            throw new SharedStateUnavailable(null);
        }
        return done;
    }

    @Override
    public boolean durable() {
        return durable;
    }
}
