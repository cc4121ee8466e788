package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import postern.account.Account;

/// A mail account.
record SessionAccount(@Schema(example = "anne@example.com") String username, ServerAddress server) {

    static SessionAccount of(Account account) {
        return new SessionAccount(account.user(), ServerAddress.of(account.server()));
    }
}
