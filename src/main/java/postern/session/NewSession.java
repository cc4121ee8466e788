package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.account.Session;

/** A new session and its token. */
@Schema(description = "A session and its token.")
record NewSession(
        @Schema(description = "For `Authorization: Bearer`. Whoever has it reads the mail.")
                String token,
        @Schema(description = "When to log in again.") Instant expiresAt,
        @Schema(
                        description =
                                "When the access token ends, where that is known: from then on the session"
                                        + " needs another one (`refreshSession`).")
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
