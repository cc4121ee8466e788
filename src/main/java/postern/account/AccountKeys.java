package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import org.springframework.stereotype.Component;
import postern.digest.KeyedHash;

/**
 * Identifies accounts in caches without storing their credentials: a keyed hash of server, user and
 * credential.
 */
@Component
public final class AccountKeys {

    private final KeyedHash hash = new KeyedHash();

    public String of(Account account) {
        return hash.of(
                account.server().toString().toLowerCase(Locale.ROOT).getBytes(UTF_8),
                account.user().getBytes(UTF_8),
                account.credential().secret());
    }
}
