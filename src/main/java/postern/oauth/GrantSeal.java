package postern.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import postern.account.OAuthGrant;

/**
 * Encrypts the content of a grant under the grant's own key: AES-256-GCM, with the grant's id as
 * additional data, so that one grant's content is none of another.
 */
final class GrantSeal {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private GrantSeal() {}

    static byte[] seal(OAuthGrant grant, GrantContent content) {
        var nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            var sealed =
                    cipher(Cipher.ENCRYPT_MODE, grant, nonce)
                            .doFinal(content.json().getBytes(UTF_8));
            return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Empty where the key is another one, or the octets are damaged. */
    static Optional<GrantContent> open(OAuthGrant grant, byte[] sealed) {
        if (sealed.length < NONCE) {
            return Optional.empty();
        }
        try {
            var json =
                    cipher(Cipher.DECRYPT_MODE, grant, Arrays.copyOf(sealed, NONCE))
                            .doFinal(sealed, NONCE, sealed.length - NONCE);
            return Optional.of(GrantContent.parse(new String(json, UTF_8)));
        } catch (GeneralSecurityException | ParseException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, OAuthGrant grant, byte[] nonce)
            throws GeneralSecurityException {
        var key = new SecretKeySpec(Base64.getUrlDecoder().decode(grant.key()), "AES");
        var cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(grant.id().getBytes(UTF_8));
        return cipher;
    }
}
