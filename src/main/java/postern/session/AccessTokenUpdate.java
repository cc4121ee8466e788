package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.web.LargestBody;

/// The access token that replaces the one of the session.
///
/// @param accessToken For the same user as the one before.
/// @param accessTokenExpiresAt When it ends, where that is known.
@LargestBody(octets = 64 * 1024)
record AccessTokenUpdate(
        @Schema(format = "password")
                @Size(max = SessionAccessToken.LONGEST)
                @Pattern(regexp = SessionAccessToken.SYNTAX, message = SessionAccessToken.RULE)
                String accessToken,
        @Nullable Instant accessTokenExpiresAt) {

    @Override
    public String toString() {
        return "AccessTokenUpdate[]";
    }
}
