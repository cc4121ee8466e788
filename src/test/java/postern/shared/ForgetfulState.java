package postern.shared;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A state that forgets requests when told to, as if another replica had it. */
public final class ForgetfulState implements SharedState {

    private final SharedState rest = new InMemorySharedState(InstantSource.system());
    private volatile SharedState requests = new InMemorySharedState(InstantSource.system());

    /** Puts one in the place of the gateway's own state. */
    public static final class Used {

        @Bean
        @Primary
        ForgetfulState forgetfulState() {
            return new ForgetfulState();
        }
    }

    public void forgetRequests() {
        requests = new InMemorySharedState(InstantSource.system());
    }

    private SharedState of(SharedArea area) {
        return area == SharedArea.REQUESTS ? requests : rest;
    }

    @Override
    public byte @Nullable [] get(SharedArea area, String key) {
        return of(area).get(area, key);
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
        return of(area).compareAndSet(area, key, expected, value, lifetime);
    }

    @Override
    public boolean durable() {
        return false;
    }
}
