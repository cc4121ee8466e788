package postern.account;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Seals what the gateway itself keeps of an account in the shared state, with the keys of session
 * tokens. It is none of these: the types differ, and each text is good only under the name that it
 * was sealed for.
 */
@Component
public final class KeptAccounts {

    private static final JOSEObjectType ACCOUNT = new JOSEObjectType("kept-account");
    private static final JOSEObjectType CONTENT = new JOSEObjectType("kept-content");

    private final TokenSeal seal;

    KeptAccounts(TokenSeal seal) {
        this.seal = seal;
    }

    /**
     * An account with what is kept beside it.
     *
     * @param newestKey whether it was sealed with the key that seals now
     */
    public record Kept(Account account, String content, boolean newestKey) {

        /** Contains neither of them, so that it may be logged. */
        @Override
        public String toString() {
            return "Kept[]";
        }
    }

    public String seal(String name, Account account, String content) {
        // Nothing is sent with what is kept.
        var claims = AccountClaims.of(account.sendingAs(null));
        return seal.sealUntagged(
                ACCOUNT, claims.claim("name", name).claim("content", content).build());
    }

    /** Empty where it is damaged, of another name, or sealed with a key that is not in use. */
    public Optional<Kept> open(String name, String sealed) {
        return seal.open(ACCOUNT, sealed).flatMap(claims -> kept(name, sealed, claims));
    }

    private Optional<Kept> kept(String name, String sealed, JWTClaimsSet claims) {
        try {
            if (!name.equals(claims.getStringClaim("name"))) {
                return Optional.empty();
            }
            return Optional.of(
                    new Kept(
                            AccountClaims.read(claims),
                            Objects.requireNonNull(claims.getStringClaim("content")),
                            seal.newest(sealed)));
        } catch (ParseException | RuntimeException _) {
            // a missing claim shows up as a NullPointerException
            return Optional.empty();
        }
    }

    /** Without an account. */
    public String sealContent(String name, String content) {
        var claims = new JWTClaimsSet.Builder();
        Map.of("name", name, "content", content).forEach(claims::claim);
        return seal.sealUntagged(CONTENT, claims.build());
    }

    public Optional<String> openContent(String name, String sealed) {
        return seal.open(CONTENT, sealed)
                .filter(claims -> name.equals(claims.getClaim("name")))
                .map(claims -> (String) claims.getClaim("content"));
    }
}
