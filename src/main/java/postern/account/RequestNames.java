package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
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
    private static final String VIEW_PURPOSE = "postern request name of a view";

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
        return names(PURPOSE, parts(account, route, key));
    }

    /**
     * Like {@link #of}, of what this very token shows and permits and of who has logged in: an
     * answer that is remembered by this name reaches no token that could not have got it.
     */
    public List<String> ofView(Account account, String route, String key) {
        var parts = parts(account, route, key);
        parts.add(account.login().getBytes(UTF_8));
        parts.addAll(LoginHashes.viewOf(account));
        return names(VIEW_PURPOSE, parts);
    }

    private static List<byte[]> parts(Account account, String route, String key) {
        var owner = AccountKey.of(account);
        var parts = new ArrayList<byte[]>();
        parts.add(owner.server().toString().getBytes(UTF_8));
        parts.add(owner.user().getBytes(UTF_8));
        parts.add(route.getBytes(UTF_8));
        parts.add(key.getBytes(UTF_8));
        return parts;
    }

    private List<String> names(String purpose, List<byte[]> parts) {
        return seal.derived(purpose).stream()
                .map(hash -> hash.of(parts.toArray(byte[][]::new)).substring(0, LENGTH))
                .toList();
    }
}
