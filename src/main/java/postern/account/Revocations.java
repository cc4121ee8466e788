package postern.account;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
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

    /** Throws SharedStateUnavailable where it cannot be recorded. */
    void add(Session session) {
        var left = Duration.between(clock.instant(), session.expiresAt());
        var login = session.narrowed() ? session.within().getFirst() : session.id();
        state.put(SharedArea.REVOKED_SESSIONS, key(login, session.id()), REVOKED, left);
    }

    /**
     * Whether a session was ended, or one that it was narrowed from.
     *
     * @param within the sessions that it was narrowed from, the login first
     */
    boolean contain(String sessionId, List<String> within) {
        var login = within.isEmpty() ? sessionId : within.getFirst();
        var keys =
                Stream.concat(Stream.of(sessionId), within.stream())
                        .map(id -> key(login, id))
                        .toList();
        return state.hasAny(SharedArea.REVOKED_SESSIONS, keys);
    }

    /**
     * Narrowed sessions are made without the mail server, so that a program could end very many:
     * they count for their login, which has a share of the memory.
     */
    private static String key(String login, String sessionId) {
        return login + ":" + sessionId;
    }
}
