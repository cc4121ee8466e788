package postern.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import postern.imap.ImapException;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/**
 * Keeps a client from asking its authorization server while that wants no requests, on all
 * replicas.
 */
final class ClientPause {

    private final String client;
    private final SharedState state;
    private final InstantSource clock;

    ClientPause(String client, SharedState state, InstantSource clock) {
        this.client = client;
        this.state = state;
        this.clock = clock;
    }

    /** Begins one; a longer one goes on. */
    void begin(Duration time) {
        var end = clock.instant().plus(time);
        if (end.isAfter(end())) {
            var octets = Long.toString(end.toEpochMilli()).getBytes(US_ASCII);
            state.put(SharedArea.PAUSED_CLIENTS, client, octets, time);
        }
    }

    /** Throws ImapException.SignInUnavailable while one lasts. */
    void requireNone() {
        var left = Duration.between(clock.instant(), end());
        if (left.isPositive()) {
            throw new ImapException.SignInUnavailable(
                    "the authorization server takes no requests of this gateway at the moment",
                    left,
                    null);
        }
    }

    private Instant end() {
        var octets = state.get(SharedArea.PAUSED_CLIENTS, client);
        return octets == null
                ? Instant.EPOCH
                : Instant.ofEpochMilli(Long.parseLong(new String(octets, US_ASCII)));
    }
}
