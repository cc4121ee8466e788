package postern.account;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import postern.fuzz.FuzzTarget;
import postern.shared.InMemorySharedState;

/** Fuzz targets that read tokens from callers. */
public final class TokenReaders {

    private static final SessionProperties PROPERTIES =
            new SessionProperties(
                    List.of(Base64.getEncoder().encodeToString(new byte[32])),
                    Duration.ofMinutes(15));

    private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");

    private static final String CLAIMS =
            "{\"sub\":\"ada\",\"host\":\"localhost\",\"port\":143,\"security\":\"NONE\","
                    + "\"password\":\"x\",\"jti\":\"1\",\"iat\":1,\"exp\":9999999999,"
                    + "\"file\":\"/x\"}";

    private TokenReaders() {}

    public static List<FuzzTarget> all() {
        var seal = new TokenSeal(PROPERTIES);
        var clock = Clock.systemUTC();
        var revocations =
                new Revocations(new InMemorySharedState(clock), Duration.ofHours(12), clock);
        var sessions = new SessionTokens(seal, PROPERTIES, revocations, _ -> true);
        var links = new LinkTokens(seal, revocations, _ -> true);
        var account =
                new Account(
                        new ImapServer("localhost", 143, Security.NONE), "ada", new Password("x"));
        var session = sessions.start(account);
        var link = links.start(account, session, "/x", Duration.ofMinutes(1));
        return List.of(
                FuzzTarget.of("session token", it -> sessions.open(utf8(it)).toString())
                        .throwing(SessionRefused.class)
                        .of(sessions.seal(session), ".", "e30", "=", "-"),
                FuzzTarget.of("link token", it -> links.open(utf8(it)).toString())
                        .throwing(LinkRefused.class)
                        .of(links.seal(link), ".", "e30", "=", "-"),
                FuzzTarget.of("sealed session", it -> sessions.open(sealed(it, "..")).toString())
                        .throwing(SessionRefused.class)
                        .of(head(sessions.seal(session)) + "\n" + CLAIMS, CLAIMS, "\n", "null"),
                FuzzTarget.of("sealed link", it -> links.open(sealed(it, ".")).toString())
                        .throwing(LinkRefused.class)
                        .of(head(links.seal(link)) + "\n" + CLAIMS, CLAIMS, "\n", "null"));
    }

    private static String head(String token) {
        var jwe = RoutingTag.strip(token);
        return utf8(Base64.getUrlDecoder().decode(jwe.substring(0, jwe.indexOf('.'))));
    }

    /**
     * The first line as the header and the rest as the claims, sealed with the gateway's key: any
     * token that the gateway has sealed, in this version or another one, must be readable.
     *
     * @param empty the key part of a direct JWE
     */
    private static String sealed(byte[] octets, String empty) throws GeneralSecurityException {
        var text = new String(octets, ISO_8859_1);
        int end = text.indexOf('\n');
        var head = base64(text.substring(0, Math.max(0, end)).getBytes(ISO_8859_1));
        var nonce = new byte[12];
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, KEY, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(head.getBytes(ISO_8859_1));
        var sealed = cipher.doFinal(text.substring(end + 1).getBytes(ISO_8859_1));
        int tag = sealed.length - 16;
        return String.join(
                ".",
                head + empty + base64(nonce),
                base64(Arrays.copyOf(sealed, tag)),
                base64(Arrays.copyOfRange(sealed, tag, sealed.length)));
    }

    private static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static String utf8(byte[] octets) {
        return new String(octets, UTF_8);
    }
}
