package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Credential;
import postern.account.ImapServer;
import postern.account.Password;
import postern.web.LargestBody;
import postern.web.problem.InvalidRequest;

/// Who logs in, with the password of the mail account or with an OAuth access token: one of the
/// two.
///
/// @param accessToken An OAuth access token with the scope for IMAP. It is sent to the mail server
///   only where the operator or a preset has tied that server to the token's issuer; otherwise the
///   answer is 422 `not-possible`.
/// @param accessTokenExpiresAt When the access token ends, where that is known.
/// @param actAs The user whose mail is opened, where it is not the one who logs in: a shared
///   mailbox, or somebody who has given access to it.
/// @param server Which of the gateway's mail servers: a name that the operator gave it, a preset
///   such as `gmail`, or `default`. When absent, the domain of the user name decides, and else it
///   is the default one.
@LargestBody(octets = 64 * 1024)
record Login(
        @Schema(minLength = 1, maxLength = 1_000, example = "anne@example.com")
                @CodePointLength(min = 1, max = 1_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                String username,
        @Schema(format = "password", maxLength = 16_000)
                @CodePointLength(max = 16_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                @Nullable String password,
        @Schema(format = "password")
                @Size(max = SessionAccessToken.LONGEST)
                @Pattern(regexp = SessionAccessToken.SYNTAX, message = SessionAccessToken.RULE)
                @Nullable String accessToken,
        @Nullable Instant accessTokenExpiresAt,
        @Schema(minLength = 1, maxLength = 1_000, example = "support@example.com")
                @CodePointLength(min = 1, max = 1_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                @Nullable String actAs,
        @Schema(minLength = 1, maxLength = 100, example = "gmail")
                @CodePointLength(min = 1, max = 100)
                @Nullable String server) {

    private static final String SENDABLE = "[^\\x00\\r\\n]*";
    private static final String RULE = "must not hold NUL or line ends";

    Account at(ImapServer server, Instant now) {
        return new Account(server, actAs == null ? username : actAs, credential(now), username);
    }

    private Credential credential(Instant now) {
        if (accessToken != null) {
            if (password != null) {
                throw InvalidRequest.at("/accessToken", "is given beside a password");
            }
            return SessionAccessToken.of(accessToken, accessTokenExpiresAt, now);
        }
        if (accessTokenExpiresAt != null) {
            throw InvalidRequest.at("/accessTokenExpiresAt", "is given without an access token");
        }
        if (password == null) {
            throw InvalidRequest.at("/password", "is missing, and so is an access token");
        }
        return new Password(password);
    }

    @Override
    public String toString() {
        return "Login[]";
    }
}
