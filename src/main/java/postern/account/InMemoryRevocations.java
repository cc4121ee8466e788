package postern.account;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Keeps each revocation until its session would have expired anyway. */
@Component
final class InMemoryRevocations implements Revocations {

    /** About 20 MB. Beyond it the oldest revocation is dropped: its session expires soonest. */
    private static final int LIMIT = 100_000;

    private final Clock clock;
    private final Map<String, Instant> expiries;

    /**
     * By themselves: tokens are narrowed without the mail server, so that many could be ended
     * quickly to displace the revocations of others.
     */
    private final Map<String, Instant> narrowed;

    @Autowired
    InMemoryRevocations() {
        this(Clock.systemUTC(), LIMIT);
    }

    InMemoryRevocations(Clock clock, int limit) {
        this.clock = clock;
        this.expiries = bounded(limit);
        this.narrowed = bounded(limit);
    }

    private Map<String, Instant> bounded(int limit) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                return size() > limit || expired(eldest.getValue());
            }
        };
    }

    @Override
    public synchronized void add(Session session) {
        (session.narrowed() ? narrowed : expiries).put(session.id(), session.expiresAt());
    }

    @Override
    public synchronized boolean contains(String sessionId) {
        return expiries.containsKey(sessionId) || narrowed.containsKey(sessionId);
    }

    private boolean expired(Instant expiry) {
        return !clock.instant().isBefore(expiry);
    }
}
