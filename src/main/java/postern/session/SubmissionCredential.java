package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;
import postern.account.AccessToken;
import postern.account.Password;
import postern.account.SubmissionLogin;
import postern.web.problem.InvalidRequest;

/// A credential for sending alone: a password or an access token.
///
/// @param username The user's name at the submission server; the same as at the mail server when
///   absent.
/// @param accessToken An OAuth access token with the scope for SMTP. It is not refreshed.
record SubmissionCredential(
        @Schema(minLength = 1, maxLength = 1_000, example = "anne@example.com")
                @CodePointLength(min = 1, max = 1_000)
                @Pattern(regexp = Login.SENDABLE, message = Login.RULE)
                @Nullable String username,
        @Schema(format = "password", maxLength = 1_000)
                @CodePointLength(max = 1_000)
                @Pattern(regexp = Login.SENDABLE, message = Login.RULE)
                @Nullable String password,
        @Schema(format = "password")
                @Size(max = LONGEST)
                @Pattern(regexp = SessionAccessToken.SYNTAX, message = SessionAccessToken.RULE)
                @Nullable String accessToken) {

    /** The session token must fit into the headers of a request. */
    private static final int LONGEST = 4_000;

    /**
     * @param other the access token for the mail server, which is in the session token as well
     */
    SubmissionLogin login(String user, @Nullable String other) {
        if (accessToken != null
                && other != null
                && accessToken.length() + other.length() > SessionAccessToken.LONGEST) {
            throw InvalidRequest.at("/submission/accessToken", "is too long beside the other one");
        }
        if ((password == null) == (accessToken == null)) {
            throw InvalidRequest.at("/submission", "has a password or an accessToken");
        }
        return new SubmissionLogin(
                username == null ? user : username,
                password != null
                        ? new Password(password)
                        : AccessToken.of(String.valueOf(accessToken), null));
    }

    @Override
    public String toString() {
        return "SubmissionCredential[]";
    }
}
