package postern.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** SHA-256. */
public final class Sha256 {

    /** The length of a hash. */
    public static final int OCTETS = 32;

    // Cloning is cheaper than looking the algorithm up each time.
    private static final MessageDigest NEW = lookUp();

    private Sha256() {}

    public static byte[] of(byte[] octets) {
        return start().digest(octets);
    }

    /** The hash of the text in UTF-8. */
    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first octets of the hash, as base64 that needs no escape in a URL. */
    public static String base64Url(byte[] octets, int length) {
        var beginning = Arrays.copyOf(of(octets), length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(beginning);
    }

    /** A strong entity tag (RFC 9110 §8.8.3) for this text. */
    public static String eTag(String text) {
        return '"' + base64Url(text.getBytes(StandardCharsets.UTF_8), 15) + '"';
    }

    /** For octets that come piece by piece. */
    public static MessageDigest start() {
        try {
            return (MessageDigest) NEW.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest lookUp() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
