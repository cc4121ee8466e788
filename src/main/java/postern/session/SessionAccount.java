package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.web.ServerAddress;

/// A mail account.
///
/// @param username Who logs in.
/// @param actAs Whose mail it is, where it is not that user's own.
record SessionAccount(
        @Schema(example = "anne@example.com") String username,
        @Schema(example = "support@example.com") @Nullable String actAs,
        ServerAddress server) {

    static SessionAccount of(Account account) {
        return new SessionAccount(
                account.login(),
                account.actsForAnother() ? account.user() : null,
                ServerAddress.of(account.server()));
    }
}
