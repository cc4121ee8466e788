package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.web.Caller;

/** The caller and the session's expiry. */
@Schema(description = "Who is asking.")
record CurrentSession(
        @Schema(description = "When to log in again; absent for who presents a password.")
                @Nullable Instant expiresAt,
        @Schema(
                        description =
                                "When the session's access token ends; absent where it has none, or that is"
                                        + " not known.")
                @Nullable Instant accessTokenExpiresAt,
        SessionAccount account) {

    static CurrentSession of(Caller caller) {
        return new CurrentSession(
                caller.session() == null ? null : caller.session().expiresAt(),
                SessionAccessToken.expiry(caller.account().credential()),
                SessionAccount.of(caller.account()));
    }
}
