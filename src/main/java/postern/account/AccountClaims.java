package postern.account;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;

/** Converts an account to and from the claims of a sealed token. */
final class AccountClaims {

    private AccountClaims() {}

    static JWTClaimsSet.Builder of(Account account) {
        var claims =
                new JWTClaimsSet.Builder()
                        .subject(account.user())
                        .claim("host", account.server().host())
                        .claim("port", account.server().port())
                        .claim("security", account.server().security().name());
        return switch (account.credential()) {
            case Password(var password) -> claims.claim("password", password);
        };
    }

    /** Throws ParseException or a RuntimeException where a claim is missing or invalid. */
    static Account read(JWTClaimsSet claims) throws ParseException {
        var server =
                new ImapServer(
                        claims.getStringClaim("host"),
                        claims.getIntegerClaim("port"),
                        Security.valueOf(claims.getStringClaim("security")));
        return new Account(
                server, claims.getSubject(), new Password(claims.getStringClaim("password")));
    }
}
