package postern.account;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.digest.Sha256;

/**
 * The keys that seal tokens, by key id. The first one seals new tokens; any of them opens tokens.
 */
final class SessionKeys {

    private static final Logger log = LoggerFactory.getLogger(SessionKeys.class);
    private static final int OCTETS = 32;
    private static final int ID_OCTETS = 6;

    private final SequencedMap<String, SecretKey> byId = new LinkedHashMap<>();

    static SessionKeys of(List<String> configured) {
        if (configured.isEmpty()) {
            log.warn(
                    "postern.session.keys is not set: sessions and links end with this process and"
                            + " are not known to other replicas");
            return new SessionKeys(List.of(random()));
        }
        return new SessionKeys(configured.stream().map(SessionKeys::decode).toList());
    }

    private SessionKeys(List<byte[]> keys) {
        keys.forEach(octets ->
                byId.put(Sha256.base64Url(octets, ID_OCTETS), new SecretKeySpec(octets, "AES")));
    }

    Map.Entry<String, SecretKey> sealing() {
        return byId.firstEntry();
    }

    /**
     * The key of the tags by which a load balancer routes: the last one, so that a new key in front
     * changes no tag.
     */
    SecretKey routing() {
        return byId.lastEntry().getValue();
    }

    /** All of them, the one that seals first. */
    List<SecretKey> all() {
        return List.copyOf(byId.values());
    }

    @Nullable SecretKey opening(@Nullable String id) {
        return id == null ? null : byId.get(id);
    }

    private static byte[] decode(String key) {
        try {
            var octets = Base64.getDecoder().decode(key.strip());
            if (octets.length == OCTETS) {
                return octets;
            }
        } catch (IllegalArgumentException _) {
            // reported below; the cause would reveal the key
        }
        throw new UnusableSessionKey();
    }

    private static byte[] random() {
        var octets = new byte[OCTETS];
        new SecureRandom().nextBytes(octets);
        return octets;
    }
}
