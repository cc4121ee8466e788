package postern.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.web.Caller;

/// Who is asking.
///
/// @param expiresAt When to log in again; absent for who presents a password.
record CurrentSession(@Nullable Instant expiresAt, SessionAccount account) {

    static CurrentSession of(Caller caller) {
        return new CurrentSession(
                caller.session() == null ? null : caller.session().expiresAt(),
                SessionAccount.of(caller.account()));
    }
}
