package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Credential;
import postern.account.ImapServer;
import postern.account.Password;
import postern.web.LargestBody;
import postern.web.id.MailboxId;
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
/// @param roles Which mailbox has which role, where neither the mail server nor a usual name tells:
///   `drafts`, `sent`, `trash`, `junk`, `archive`, `all`, `flagged` or `important`, each with the
///   id of a mailbox. They hold for this session, as long as these mailboxes exist.
@LargestBody(octets = 64 * 1024)
record Login(
        @Schema(example = "anne@example.com")
                @NotEmpty
                @Size(max = 1_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                String username,
        @Schema(format = "password") @Size(max = 16_000) @Pattern(regexp = SENDABLE, message = RULE)
                @Nullable String password,
        @Schema(format = "password")
                @Size(max = SessionAccessToken.LONGEST)
                @Pattern(regexp = SessionAccessToken.SYNTAX, message = SessionAccessToken.RULE)
                @Nullable String accessToken,
        @Nullable Instant accessTokenExpiresAt,
        @Schema(example = "support@example.com")
                @Size(min = 1, max = 1_000)
                @Pattern(regexp = SENDABLE, message = RULE)
                @Nullable String actAs,
        @Schema(example = "gmail") @Size(min = 1, max = 100) @Nullable String server,
        @Schema(example = "{\"sent\": \"EVNlbnQgbWFpbHSQyOw\"}", maxProperties = 8) @Size(max = 8)
                @Nullable Map<String, MailboxId> roles) {

    private static final String SENDABLE = "[^\\x00\\r\\n]*";
    private static final String RULE = "must not hold NUL or line ends";

    Account at(ImapServer server, Instant now) {
        return new Account(server, actAs == null ? username : actAs, credential(now), username)
                .withRoles(AssignedRoles.of(roles));
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
