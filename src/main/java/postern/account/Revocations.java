package postern.account;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/** The sessions that were ended before they expired, each until it would have expired anyway. */
@Component
final class Revocations {

    private static final byte[] REVOKED = {};

    private final SharedState state;
    private final InstantSource clock;

    @Autowired
    Revocations(SharedState state) {
        this(state, Clock.systemUTC());
    }

    Revocations(SharedState state, InstantSource clock) {
        this.state = state;
        this.clock = clock;
    }

    void add(Session session) {
        var left = Duration.between(clock.instant(), session.expiresAt());
        var area =
                session.narrowed()
                        ? SharedArea.REVOKED_NARROWED_SESSIONS
                        : SharedArea.REVOKED_SESSIONS;
        state.put(area, session.id(), REVOKED, left);
    }

    boolean contains(String sessionId) {
        return state.get(SharedArea.REVOKED_SESSIONS, sessionId) != null
                || state.get(SharedArea.REVOKED_NARROWED_SESSIONS, sessionId) != null;
    }
}
