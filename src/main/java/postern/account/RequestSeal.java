package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Encrypts what is remembered of requests, so that a reader of the shared state learns nothing of
 * it: AES-256-GCM under a key that is derived from the session keys, with the name of the request
 * as additional data, so that one request's content is none of another.
 */
@Component
public final class RequestSeal {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PURPOSE = "postern request content";
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final List<SecretKeySpec> keys;

    RequestSeal(TokenSeal seal) {
        this.keys =
                seal.derived(PURPOSE).stream()
                        .map(hash -> HexFormat.of().parseHex(hash.of("key".getBytes(UTF_8))))
                        .map(octets -> new SecretKeySpec(octets, "AES"))
                        .toList();
    }

    public byte[] seal(String name, byte[] content) {
        var nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), name, nonce).doFinal(content);
            return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Empty for what was sealed with another key or for another name, or is damaged. */
    public Optional<byte[]> open(String name, byte[] sealed) {
        if (sealed.length < NONCE) {
            return Optional.empty();
        }
        var nonce = new byte[NONCE];
        ByteBuffer.wrap(sealed).get(nonce);
        for (var key : keys) {
            try {
                return Optional.of(
                        cipher(Cipher.DECRYPT_MODE, key, name, nonce)
                                .doFinal(sealed, NONCE, sealed.length - NONCE));
            } catch (GeneralSecurityException _) {
                // perhaps another key has sealed it
            }
        }
        return Optional.empty();
    }

    private static Cipher cipher(int mode, SecretKeySpec key, String name, byte[] nonce)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(UTF_8));
        return cipher;
    }
}
