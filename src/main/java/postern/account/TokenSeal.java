package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.digest.KeyedHash;

/**
 * Seals the claims of an account into tokens and opens them again: JWE, direct encryption, A256GCM
 * (RFC 7516). All tokens use the same keys; the {@code typ} header, which is authenticated as well,
 * tells the kinds of tokens apart. A {@link RoutingTag} comes first, in clear.
 */
@Component
final class TokenSeal {

    private final SessionKeys keys;
    private final RoutingTag tag;

    TokenSeal(SessionProperties properties) {
        this.keys = SessionKeys.of(properties.keys());
        this.tag = new RoutingTag(keys.routing());
    }

    /** Hashes under a key for this purpose, one for each session key, that of new tokens first. */
    List<KeyedHash> derived(String purpose) {
        return keys.all().stream()
                .map(key ->
                        new KeyedHash(
                                new KeyedHash(key.getEncoded())
                                        .of(purpose.getBytes(UTF_8))
                                        .getBytes(UTF_8)))
                .toList();
    }

    String seal(@Nullable JOSEObjectType type, JWTClaimsSet claims) {
        return RoutingTag.with(tag(claims), sealUntagged(type, claims));
    }

    /** For what is kept and not handed out: nothing shows whose it is. */
    String sealUntagged(@Nullable JOSEObjectType type, JWTClaimsSet claims) {
        var key = keys.sealing();
        var header =
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                        .type(type)
                        .keyID(key.getKey())
                        .build();
        var token = new EncryptedJWT(header, claims);
        try {
            token.encrypt(new DirectEncrypter(key.getValue()));
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has AES/GCM", e);
        }
        return token.serialize();
    }

    /** Whether it was sealed with the key that seals new tokens. */
    boolean newest(String token) {
        try {
            var id = EncryptedJWT.parse(RoutingTag.strip(token)).getHeader().getKeyID();
            return keys.sealing().getKey().equals(id);
        } catch (ParseException _) {
            return false;
        }
    }

    /** A user name has no line end. */
    String ownerTag(Account account) {
        var server = account.server();
        return tag.of(server.host(), server.port(), account.user() + "\n" + account.login());
    }

    /** What the tokens of this account begin with. */
    String tag(Account account) {
        var server = account.server();
        return tag.of(server.host(), server.port(), account.user());
    }

    private String tag(JWTClaimsSet claims) {
        try {
            return tag.of(
                    claims.getStringClaim("host"),
                    claims.getIntegerClaim("port"),
                    claims.getSubject());
        } catch (ParseException e) {
            throw new IllegalStateException("AccountClaims writes these", e);
        }
    }

    /**
     * Empty where the text is not a token of that type, is damaged, or was sealed with another key.
     */
    Optional<JWTClaimsSet> open(@Nullable JOSEObjectType type, String token) {
        try {
            var jwt = EncryptedJWT.parse(RoutingTag.strip(token));
            var header = jwt.getHeader();
            var key = keys.opening(header.getKeyID());
            // the same key also fits another encryption method; our tokens use only this one
            if (key == null
                    || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
                    || !JWEAlgorithm.DIR.equals(header.getAlgorithm())
                    || !Objects.equals(type, header.getType())) {
                return Optional.empty();
            }
            jwt.decrypt(new DirectDecrypter(key));
            return Optional.of(jwt.getJWTClaimsSet());
        } catch (ParseException | JOSEException | RuntimeException _) {
            // the library throws NullPointerException for some damaged headers
            return Optional.empty();
        }
    }
}
