package postern.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.web.Caller;

/// Who is asking.
///
/// @param expiresAt When to log in again; absent for who presents a password.
/// @param accessTokenExpiresAt When the session's access token ends; absent where it has none, or
///   that is not known.
/// @param durable Whether the session outlives a restart of the gateway, where it began with a
///   `code`; otherwise absent. When it is `false`, the user signs in again after a restart
///   (`sign-in-ended`).
record CurrentSession(
        @Nullable Instant expiresAt,
        @Nullable Instant accessTokenExpiresAt,
        @Nullable Boolean durable,
        SessionAccount account) {

    static CurrentSession of(Caller caller, AccessTokenState accessToken) {
        return new CurrentSession(
                caller.session() == null ? null : caller.session().expiresAt(),
                accessToken.expiresAt(),
                accessToken.durable(),
                SessionAccount.of(caller.account()));
    }
}
