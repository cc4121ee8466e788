package postern.oauth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server gives for a code or a refresh token (RFC 6749 §5.1).
 *
 * @param expiresAt null where it does not say when the access token ends
 * @param refreshToken null where it gives none, or the one before stays valid
 * @param user the address that it says the user has, which nobody has proven; null where it says
 *     none
 */
public record TokenAnswer(
        String accessToken,
        @Nullable Instant expiresAt,
        @Nullable String refreshToken,
        @Nullable String user) {

    @Override
    public String toString() {
        return "TokenAnswer[expiresAt=%s]".formatted(expiresAt);
    }
}
