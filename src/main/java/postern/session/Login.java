package postern.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Map;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Credential;
import postern.account.ImapServer;
import postern.account.Password;
import postern.web.LargestBody;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;

/// Who logs in, with one of: the password of the mail account, an OAuth access token, or a code
/// that a provider's authorization server gave (`provider`, `code`, `codeVerifier` and
/// `redirectUri`). An app that the operator lets open mailboxes without their users names
/// `provider`, `grantType` and `username`.
///
/// @param username The user's name at the mail server. It may be absent beside a `code` where the
///   provider tells the user's address.
/// @param accessToken An OAuth access token with the scope for IMAP. It is sent to the mail server
///   only where the operator or a preset has tied that server to the token's issuer; otherwise the
///   answer is 422 `not-possible`.
/// @param accessTokenExpiresAt When the access token ends, where that is known.
/// @param provider The name of the registration with which the gateway redeems the code, as
///   `discoverServer` tells it.
/// @param grantType How the gateway gets access from the provider: by a `code`, which is the
///   default, or by its own credentials, without the user. The latter is for apps, providers and
///   domains of users that the operator has named; otherwise 403 `app-not-allowed`.
/// @param code The code of the authorization response (RFC 6749). The app has asked for it with a
///   code challenge (RFC 7636).
/// @param codeVerifier The secret behind that challenge.
/// @param redirectUri The redirect URI of the authorization request. The operator has allowed it.
/// @param actAs The user whose mail is opened, where it is not the one who logs in: a shared
///   mailbox, or somebody who has given access to it.
/// @param server Which of the gateway's mail servers: a name that the operator gave it, a preset
///   such as `gmail`, or `default`. When absent, the domain of the user name decides, and else it
///   is the default one.
/// @param imap The address of the mail server, in place of `server`: what `discoverServer` found,
///   or what the user knows. Only where the operator has switched that on; otherwise 403
///   `server-not-allowed`.
/// @param roles Which mailbox has which role, where neither the mail server nor a usual name tells:
///   `drafts`, `sent`, `trash`, `junk`, `archive`, `all`, `flagged` or `important`, each with the
///   id of a mailbox. They hold for this session, as long as these mailboxes exist.
/// @param submission What the user sends with, where the submission server takes another user name,
///   password or access token than the mail server. It is tried at once: where it is refused, 403
///   `submission-login-refused`, and there is no session.
@LargestBody(octets = 64 * 1024)
record Login(
        @Schema(minLength = 1, maxLength = 1_000, example = "anne@example.com")
                @CodePointLength(min = 1, max = 1_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                @Nullable String username,
        @Schema(format = "password", maxLength = 16_000)
                @CodePointLength(max = 16_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                @Nullable String password,
        @Schema(format = "password")
                @Size(max = SessionAccessToken.LONGEST)
                @Pattern(regexp = SessionAccessToken.SYNTAX, message = SessionAccessToken.RULE)
                @Nullable String accessToken,
        @Nullable Instant accessTokenExpiresAt,
        @Schema(minLength = 1, maxLength = 100, example = "gmail")
                @CodePointLength(min = 1, max = 100)
                @Nullable String provider,
        @Nullable GrantType grantType,
        @Schema(format = "password")
                @Size(max = SessionAccessToken.LONGEST)
                @Pattern(regexp = AuthorizationCode.CODE, message = AuthorizationCode.CODE_RULE)
                @Nullable String code,
        @Schema(format = "password")
                @Pattern(
                        regexp = AuthorizationCode.VERIFIER,
                        message = AuthorizationCode.VERIFIER_RULE)
                @Nullable String codeVerifier,
        @Schema(minLength = 1, maxLength = 2_000, example = "https://mail.example.com/signed-in")
                @CodePointLength(min = 1, max = 2_000)
                @Nullable String redirectUri,
        @Schema(minLength = 1, maxLength = 1_000, example = "support@example.com")
                @CodePointLength(min = 1, max = 1_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                @Nullable String actAs,
        @Schema(minLength = 1, maxLength = 100, example = "gmail")
                @CodePointLength(min = 1, max = 100)
                @Nullable String server,
        @Nullable @Valid ImapAddress imap,
        @Schema(example = "{\"sent\": \"EVNlbnQgbWFpbHSQyOw\"}", maxProperties = 8) @Size(max = 8)
                @Nullable Map<String, MailboxId> roles,
        @Valid @Nullable SubmissionCredential submission) {

    static final String SENDABLE = "[^\\x00\\r\\n]*";
    static final String RULE = "must not hold NUL or line ends";

    /// How the gateway gets access from a provider (RFC 6749).
    enum GrantType {
        @JsonProperty("authorizationCode")
        AUTHORIZATION_CODE,
        @JsonProperty("clientCredentials")
        CLIENT_CREDENTIALS
    }

    /** The user, for a login without a code. */
    String user() {
        if (username == null) {
            throw InvalidRequest.at("/username", "is missing");
        }
        return username;
    }

    Account at(ImapServer server, Instant now) {
        return account(server, user(), credential(now));
    }

    Account account(ImapServer server, String user, Credential credential) {
        return new Account(server, actAs == null ? user : actAs, credential, user)
                .withRoles(AssignedRoles.of(roles))
                .sendingAs(submission == null ? null : submission.login(user, accessToken));
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
