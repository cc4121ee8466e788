package postern.imap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.LoginHashes;
import postern.account.Password;
import postern.imap.ImapException.AccessTokenRefused;
import postern.shared.SharedArea;
import postern.shared.SharedState;

/**
 * The access tokens and grants that mail servers have refused lately. They are not sent again:
 * after failed logins servers delay all logins from the gateway's address, those of other users as
 * well.
 */
public final class RefusedTokens {

    private static final Duration MEMORY = Duration.ofMinutes(5);

    private final LoginHashes logins;
    private final SharedState state;
    private final InstantSource clock;

    public RefusedTokens(LoginHashes logins, SharedState state, InstantSource clock) {
        this.logins = logins;
        this.state = state;
        this.clock = clock;
    }

    /** Throws for a credential that was refused lately, or for an access token that has expired. */
    public void check(Account account) {
        if (account.credential() instanceof Password) {
            return;
        }
        if (account.credential() instanceof AccessToken token && token.expired(clock.instant())) {
            throw new AccessTokenRefused("the access token has expired", null);
        }
        var refusal = state.get(SharedArea.REFUSED_TOKENS, logins.ofCredential(account));
        if (refusal != null) {
            throw read(new String(refusal, UTF_8));
        }
    }

    public void add(Account account, AccessTokenRefused refused) {
        var code = refused.responseCode();
        var name = code == null ? "" : code.name();
        state.put(
                SharedArea.REFUSED_TOKENS,
                logins.ofCredential(account),
                (name + "\n" + refused.getMessage()).getBytes(UTF_8),
                MEMORY);
    }

    private static AccessTokenRefused read(String refusal) {
        int end = refusal.indexOf('\n');
        var name = refusal.substring(0, end);
        @Nullable ResponseCode code = name.isEmpty() ? null : new ResponseCode(name, "");
        return new AccessTokenRefused(refusal.substring(end + 1), code);
    }
}
