package postern.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.account.Session;

/// A session and its token.
///
/// @param token For `Authorization: Bearer`. Anyone who has it can read the mail.
/// @param expiresAt When to log in again.
/// @param accessTokenExpiresAt When the access token ends, where that is known: from then on the
///   session needs another one (`refreshSession`), unless the session began with a `code`: then the
///   gateway gets it by itself.
/// @param durable Whether the session outlives a restart of the gateway, where it began with a
///   `code`; otherwise absent.
record NewSession(
        String token,
        Instant expiresAt,
        @Nullable Instant accessTokenExpiresAt,
        @Nullable Boolean durable,
        SessionAccount account) {

    static NewSession of(Session session, String token, AccessTokenState accessToken) {
        return new NewSession(
                token,
                session.expiresAt(),
                accessToken.expiresAt(),
                accessToken.durable(),
                SessionAccount.of(session.account()));
    }

    @Override
    public String toString() {
        return "NewSession[expiresAt=%s]".formatted(expiresAt);
    }
}
