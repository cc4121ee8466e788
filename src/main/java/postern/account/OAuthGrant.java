package postern.account;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Stands for the access tokens of one sign-in, which the gateway gets with a refresh token. The
 * tokens are kept under the id; only who presents the key can decrypt them.
 *
 * @param key 256 bits in base64url
 */
public record OAuthGrant(String id, String key) implements Credential {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_OCTETS = 16;
    private static final int KEY_OCTETS = 32;

    public OAuthGrant {
        if (id.isEmpty() || Base64.getUrlDecoder().decode(key).length != KEY_OCTETS) {
            throw new IllegalArgumentException("a grant has an id and a key of 256 bits");
        }
    }

    public static OAuthGrant random() {
        return new OAuthGrant(text(ID_OCTETS), text(KEY_OCTETS));
    }

    /** What the access tokens of this grant have in common; it tells nothing of the key. */
    public String family() {
        return AccessToken.hash("grant:%s:%s".formatted(id, key));
    }

    @Override
    public byte[] secret() {
        return AccessToken.octets(family());
    }

    @Override
    public String toString() {
        return "OAuthGrant[]";
    }

    private static String text(int octets) {
        var random = new byte[octets];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
