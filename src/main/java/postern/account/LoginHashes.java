package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.springframework.stereotype.Component;
import postern.digest.KeyedHash;

/**
 * Tells logins apart in memory without storing their credentials: a keyed hash of server, user and
 * credential. What one login has cached or opened serves no other credential of the user.
 */
@Component
public final class LoginHashes {

    private final KeyedHash hash = new KeyedHash();

    public String of(Account account) {
        var key = AccountKey.of(account);
        return hash.of(
                key.server().toString().getBytes(UTF_8),
                key.user().getBytes(UTF_8),
                account.credential().secret());
    }
}
