package postern.imap.pool;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import postern.account.Credential;

/** Computes fingerprints of credentials with a random key that exists only in this process. */
final class CredentialFingerprints {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    CredentialFingerprints() {
        var octets = new byte[32];
        new SecureRandom().nextBytes(octets);
        key = new SecretKeySpec(octets, ALGORITHM);
    }

    CredentialFingerprint of(Credential credential) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return new CredentialFingerprint(
                    HexFormat.of().formatHex(mac.doFinal(credential.secret())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
