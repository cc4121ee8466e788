package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Names requests that may be repeated, the same on every replica and whatever the credential: a
 * keyed hash of mail server, user, route and the caller's key, under a key that is derived from the
 * session keys. Without the session keys nobody can tell which name a request will have.
 */
@Component
public final class RequestNames {

    private static final String PURPOSE = "postern request name";

    /** 160 bits. */
    private static final int LENGTH = 40;

    private final TokenSeal seal;

    RequestNames(TokenSeal seal) {
        this.seal = seal;
    }

    /**
     * The name of a new request first, then those that it has if it began before the session keys
     * were replaced.
     */
    public List<String> of(Account account, String route, String key) {
        var owner = AccountKey.of(account);
        return seal.derived(PURPOSE).stream()
                .map(hash ->
                        hash.of(
                                        owner.server().toString().getBytes(UTF_8),
                                        owner.user().getBytes(UTF_8),
                                        route.getBytes(UTF_8),
                                        key.getBytes(UTF_8))
                                .substring(0, LENGTH))
                .toList();
    }
}
