package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.account.Account;

/** The account of a session. */
@Schema(description = "A mail account.")
record SessionAccount(
        @Schema(description = "Who logs in.", example = "anne@example.com") String username,
        @Schema(
                        description = "Whose mail it is, where it is not that user's own.",
                        example = "support@example.com")
                @Nullable String actAs,
        ServerAddress server) {

    static SessionAccount of(Account account) {
        return new SessionAccount(
                account.login(),
                account.actsForAnother() ? account.user() : null,
                ServerAddress.of(account.server()));
    }
}
