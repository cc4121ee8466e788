package postern.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.Scope;
import postern.account.Session;
import postern.web.id.MailboxId;

/// A session and its token.
///
/// @param token For `Authorization: Bearer`. Anyone who has it can read the mail.
/// @param expiresAt When to log in again.
/// @param accessTokenExpiresAt When the access token ends, where that is known: from then on the
///   session needs another one (`refreshSession`), unless the session began with a `code`: then the
///   gateway gets it by itself.
/// @param durable Whether the session outlives a restart of the gateway, where it began with a
///   `code`; otherwise absent.
/// @param scopes What the token may be used for; all five unless it was narrowed.
/// @param mailboxIds The mailboxes that the token reaches; absent for all.
record NewSession(
        String token,
        Instant expiresAt,
        @Nullable Instant accessTokenExpiresAt,
        @Nullable Boolean durable,
        List<Scope> scopes,
        @Nullable List<MailboxId> mailboxIds,
        SessionAccount account) {

    static NewSession of(Session session, String token, AccessTokenState accessToken) {
        return new NewSession(
                token,
                session.expiresAt(),
                accessToken.expiresAt(),
                accessToken.durable(),
                TokenScope.scopes(session.account()),
                TokenScope.mailboxIds(session.account()),
                SessionAccount.of(session.account()));
    }

    @Override
    public String toString() {
        return "NewSession[expiresAt=%s]".formatted(expiresAt);
    }
}
