package postern.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Identifies accounts in caches without storing their credentials: an HMAC of server, user and
 * credential, with a random key that exists only in this process.
 */
@Component
public final class AccountKeys {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    AccountKeys() {
        var octets = new byte[32];
        new SecureRandom().nextBytes(octets);
        key = new SecretKeySpec(octets, ALGORITHM);
    }

    public String of(Account account) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            update(mac, account.server().toString().toLowerCase(Locale.ROOT));
            update(mac, account.user());
            update(mac, account.login());
            return HexFormat.of().formatHex(mac.doFinal(account.credential().familySecret()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /**
     * Each text is prefixed with its length, so that different accounts never yield the same
     * octets.
     */
    private static void update(Mac mac, String text) {
        var octets = text.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(octets.length).array());
        mac.update(octets);
    }
}
