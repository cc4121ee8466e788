package postern.session;

import java.time.Instant;

/// A session and its token.
///
/// @param token For `Authorization: Bearer`. Whoever has it reads the mail.
/// @param expiresAt When to log in again.
record NewSession(String token, Instant expiresAt, SessionAccount account) {

    @Override
    public String toString() {
        return "NewSession[expiresAt=%s]".formatted(expiresAt);
    }
}
