package postern.oauth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import postern.account.OAuthGrant;
import postern.imap.ImapException;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/** Grants in the shared state. */
final class StoredGrants {

    private final SharedState state;
    private final InstantSource clock;

    StoredGrants(SharedState state, InstantSource clock) {
        this.state = state;
        this.clock = clock;
    }

    /** A content and the octets that it was read from, for compare-and-set. */
    @SuppressWarnings("ArrayRecordComponent")
    record Stored(GrantContent content, byte[] octets) {

        /** Not for a content that was stored again, even if it has not changed. */
        boolean sameAs(Stored other) {
            return Arrays.equals(octets, other.octets);
        }
    }

    /** Throws ImapException.SignInEnded where there is none that this key opens. */
    Stored get(OAuthGrant grant) {
        return find(grant).orElseThrow(ImapException.SignInEnded::new);
    }

    void put(OAuthGrant grant, GrantContent content) {
        state.put(SharedArea.GRANTS, grant.id(), GrantSeal.seal(grant, content), lifetime(content));
    }

    /** False where the stored content is not that one any more. */
    boolean replace(OAuthGrant grant, Stored before, GrantContent content) {
        return state.compareAndSet(
                SharedArea.GRANTS,
                grant.id(),
                before.octets(),
                GrantSeal.seal(grant, content),
                lifetime(content));
    }

    /** False where the stored content is not that one any more. */
    boolean remove(OAuthGrant grant, Stored before) {
        return state.compareAndSet(
                SharedArea.GRANTS, grant.id(), before.octets(), null, Duration.ZERO);
    }

    /** What was removed, whatever it was last; empty where there is none that this key opens. */
    Optional<GrantContent> remove(OAuthGrant grant) {
        while (true) {
            var stored = find(grant);
            if (stored.isEmpty() || remove(grant, stored.get())) {
                return stored.map(Stored::content);
            }
        }
    }

    Optional<Stored> find(OAuthGrant grant) {
        var octets = state.get(SharedArea.GRANTS, grant.id());
        return octets == null
                ? Optional.empty()
                : GrantSeal.open(grant, octets).map(content -> new Stored(content, octets));
    }

    private Duration lifetime(GrantContent content) {
        return Duration.between(clock.instant(), content.until());
    }
}
