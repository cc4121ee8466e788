package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** A new session and its token. */
@Schema(description = "A session and its token.")
record NewSession(
        @Schema(description = "For `Authorization: Bearer`. Whoever has it reads the mail.")
                String token,
        @Schema(description = "When to log in again.") Instant expiresAt,
        SessionAccount account) {

    @Override
    public String toString() {
        return "NewSession[expiresAt=%s]".formatted(expiresAt);
    }
}
