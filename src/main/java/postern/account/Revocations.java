package postern.account;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
        if (session.narrowed()) {
            addNarrowed(session);
        } else {
            var left = Duration.between(clock.instant(), session.expiresAt());
            state.put(SharedArea.REVOKED_SESSIONS, session.id(), REVOKED, left);
        }
    }

    /**
     * Narrowed sessions are made without the mail server, so that a program could end very many.
     * All of a login are therefore one value of bounded size.
     */
    private void addNarrowed(Session session) {
        var login = session.within().getFirst();
        boolean added = false;
        while (!added) {
            var before = state.get(SharedArea.REVOKED_NARROWED_SESSIONS, login);
            var ended = EndedSessions.read(before).with(session, clock.instant());
            added =
                    state.compareAndSet(
                            SharedArea.REVOKED_NARROWED_SESSIONS,
                            login,
                            before,
                            ended.octets(),
                            Duration.between(clock.instant(), ended.end()));
        }
    }

    /**
     * Whether a session was ended, or one that it was narrowed from.
     *
     * @param within the sessions that it was narrowed from, the login first
     */
    boolean contain(String sessionId, List<String> within) {
        var login = within.isEmpty() ? sessionId : within.getFirst();
        if (state.get(SharedArea.REVOKED_SESSIONS, login) != null) {
            return true;
        }
        if (within.isEmpty()) {
            return false;
        }
        var ended = EndedSessions.read(state.get(SharedArea.REVOKED_NARROWED_SESSIONS, login));
        return ended.contain(sessionId) || within.stream().anyMatch(ended::contain);
    }
}
