package postern.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.account.Session;

/// A session and its token.
///
/// @param token For `Authorization: Bearer`. Anyone who has it can read the mail.
/// @param expiresAt When to log in again.
/// @param accessTokenExpiresAt When the access token ends, where that is known: from then on the
///   session needs another one (`refreshSession`).
record NewSession(
        String token,
        Instant expiresAt,
        @Nullable Instant accessTokenExpiresAt,
        SessionAccount account) {

    static NewSession of(Session session, String token) {
        return new NewSession(
                token,
                session.expiresAt(),
                SessionAccessToken.expiry(session.account().credential()),
                SessionAccount.of(session.account()));
    }

    @Override
    public String toString() {
        return "NewSession[expiresAt=%s]".formatted(expiresAt);
    }
}
