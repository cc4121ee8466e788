package postern.session;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.account.Scope;
import postern.web.Caller;
import postern.web.id.MailboxId;

/// Who is asking.
///
/// @param expiresAt When to log in again; absent for who presents a password.
/// @param accessTokenExpiresAt When the session's access token ends; absent where it has none, or
///   that is not known.
/// @param durable Whether the session outlives a restart of the gateway, where it began with a
///   `code`; otherwise absent. When it is `false`, the user signs in again after a restart
///   (`sign-in-ended`).
/// @param scopes What the token may be used for; all five unless it was narrowed.
/// @param mailboxIds The mailboxes that the token reaches; absent for all.
/// @param roles The `roles` that `createSession` was given, of mailboxes that the token reaches;
///   absent when there are none. The mailbox itself may have gone since.
/// @param subscriptions How many subscriptions the token may see; they outlive the session unless
///   `endSession` ends them.
record CurrentSession(
        @Nullable Instant expiresAt,
        @Nullable Instant accessTokenExpiresAt,
        @Nullable Boolean durable,
        List<Scope> scopes,
        @Nullable List<MailboxId> mailboxIds,
        @Nullable Map<String, MailboxId> roles,
        int subscriptions,
        SessionAccount account) {

    static CurrentSession of(Caller caller, AccessTokenState accessToken, int subscriptions) {
        return new CurrentSession(
                caller.session() == null ? null : caller.session().expiresAt(),
                accessToken.expiresAt(),
                accessToken.durable(),
                TokenScope.scopes(caller.account()),
                TokenScope.mailboxIds(caller.account()),
                AssignedRoles.told(caller.account()),
                subscriptions,
                SessionAccount.of(caller.account()));
    }
}
