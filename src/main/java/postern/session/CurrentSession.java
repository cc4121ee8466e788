package postern.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.web.Caller;

/// Who is asking.
///
/// @param expiresAt When to log in again; absent for who presents a password.
/// @param accessTokenExpiresAt When the session's access token ends; absent where it has none, or
///   that is not known.
record CurrentSession(
        @Nullable Instant expiresAt,
        @Nullable Instant accessTokenExpiresAt,
        SessionAccount account) {

    static CurrentSession of(Caller caller) {
        return new CurrentSession(
                caller.session() == null ? null : caller.session().expiresAt(),
                SessionAccessToken.expiry(caller.account().credential()),
                SessionAccount.of(caller.account()));
    }
}
