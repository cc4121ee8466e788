package postern.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an app checks deliveries with, as Standard Webhooks writes it: {@code whsec_} and base64.
 */
public record SigningSecret(String text) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int OCTETS = 32;

    public static SigningSecret random() {
        var octets = new byte[OCTETS];
        RANDOM.nextBytes(octets);
        return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(octets));
    }

    /** One signature of the list in {@code webhook-signature}. */
    String sign(String id, long timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(
                    new SecretKeySpec(
                            Base64.getDecoder().decode(text.substring(PREFIX.length())),
                            ALGORITHM));
            mac.update("%s.%d.".formatted(id, timestamp).getBytes(UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "SigningSecret[]";
    }
}
