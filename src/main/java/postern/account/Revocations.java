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
import postern.shared.SharedStateFull;
import postern.shared.Spending;

/** The sessions that were ended before they expired, each until it would have expired anyway. */
@Component
final class Revocations {

    private static final byte[] REVOKED = {};

    /** How many narrowed sessions of one login may end in the lifetime of a session. */
    private static final int MOST_OF_LOGIN = 2_000;

    private final SharedState state;
    private final Duration lifetime;
    private final InstantSource clock;

    @Autowired
    Revocations(SharedState state, SessionProperties properties) {
        this(state, properties.lifetime(), Clock.systemUTC());
    }

    /**
     * @param lifetime of a session
     */
    Revocations(SharedState state, Duration lifetime, InstantSource clock) {
        this.state = state;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /**
     * Throws SharedStateUnavailable where it cannot be recorded, and {@link TooManyEndedSessions}
     * for a narrowed session only: a login always ends all that was narrowed from it.
     */
    void add(Session session) {
        var left = Duration.between(clock.instant(), session.expiresAt());
        if (!session.narrowed()) {
            state.put(SharedArea.REVOKED_SESSIONS, session.id(), REVOKED, left);
            return;
        }
        var login = session.within().getFirst();
        requireRoom(login);
        try {
            state.put(SharedArea.REVOKED_SESSIONS, key(login, session.id()), REVOKED, left);
        } catch (SharedStateFull _) {
            throw tooMany();
        }
    }

    /** Of all replicas; where they share nothing, the memory of this one has a bound. */
    private void requireRoom(String login) {
        var one = new Spending("ended-sessions:" + login, MOST_OF_LOGIN, lifetime, 0, 1);
        var spent = state.spend(List.of(one));
        if (spent != null && !spent.getFirst().granted()) {
            throw tooMany();
        }
    }

    private TooManyEndedSessions tooMany() {
        return new TooManyEndedSessions(lifetime.dividedBy(MOST_OF_LOGIN));
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
     * they count for their login, which has a share of the memory. The login itself does not.
     */
    private static String key(String login, String sessionId) {
        return login.equals(sessionId) ? login : login + ":" + sessionId;
    }
}
