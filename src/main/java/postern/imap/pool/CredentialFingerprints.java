package postern.imap.pool;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import postern.account.Account;

/**
 * Computes fingerprints of credentials and their owners with a random key that exists only in this
 * process.
 */
final class CredentialFingerprints {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    CredentialFingerprints() {
        var octets = new byte[32];
        new SecureRandom().nextBytes(octets);
        key = new SecretKeySpec(octets, ALGORITHM);
    }

    CredentialFingerprint of(Account account) {
        var credential = account.credential();
        return new CredentialFingerprint(
                hmac(account.login(), credential.familySecret()),
                hmac(account.login(), credential.secret()));
    }

    /** A login name contains no line end, so that the parts cannot run together. */
    private String hmac(String login, byte[] secret) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update("%s\n".formatted(login).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(secret));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
