package postern.account;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Instant;
import java.util.Objects;

/** Converts an account to and from the claims of a sealed token. */
final class AccountClaims {

    private AccountClaims() {}

    static JWTClaimsSet.Builder of(Account account) {
        var claims =
                new JWTClaimsSet.Builder()
                        .subject(account.user())
                        .claim("host", account.server().host())
                        .claim("port", account.server().port())
                        .claim("security", account.server().security().name())
                        .claim("login", account.actsForAnother() ? account.login() : null);
        return switch (account.credential()) {
            case Password(var password) -> claims.claim("password", password);
            case AccessToken(var token, var expiresAt, var family) ->
                    claims.claim("accessToken", token)
                            .claim(
                                    "accessTokenExpiry",
                                    expiresAt == null ? null : expiresAt.getEpochSecond())
                            .claim("family", family);
            case OAuthGrant(var id, var key) -> claims.claim("grant", id).claim("grantKey", key);
        };
    }

    /** Throws ParseException or a RuntimeException where a claim is missing or invalid. */
    static Account read(JWTClaimsSet claims) throws ParseException {
        var server =
                new ImapServer(
                        claims.getStringClaim("host"),
                        claims.getIntegerClaim("port"),
                        Security.valueOf(claims.getStringClaim("security")));
        var user = claims.getSubject();
        var login = claims.getStringClaim("login");
        return new Account(server, user, credential(claims), login == null ? user : login);
    }

    private static Credential credential(JWTClaimsSet claims) throws ParseException {
        var grant = claims.getStringClaim("grant");
        if (grant != null) {
            return new OAuthGrant(grant, claims.getStringClaim("grantKey"));
        }
        var token = claims.getStringClaim("accessToken");
        if (token == null) {
            return new Password(claims.getStringClaim("password"));
        }
        var expiry = claims.getLongClaim("accessTokenExpiry");
        return new AccessToken(
                token,
                expiry == null ? null : Instant.ofEpochSecond(expiry),
                Objects.requireNonNull(claims.getStringClaim("family")));
    }
}
