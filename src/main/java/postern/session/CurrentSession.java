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
        SessionAccount account) {

    static CurrentSession of(Caller caller) {
        return new CurrentSession(
                caller.session() == null ? null : caller.session().expiresAt(),
                SessionAccount.of(caller.account()));
    }
}
