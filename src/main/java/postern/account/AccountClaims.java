package postern.account;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
                        .claim("login", account.actsForAnother() ? account.login() : null)
                        .claim("roles", account.roles().isEmpty() ? null : account.roles());
        limit(claims, account.limits());
        submit(claims, account.submission());
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

    private static void submit(JWTClaimsSet.Builder claims, @Nullable SubmissionLogin login) {
        if (login == null) {
            return;
        }
        claims.claim("submissionUser", login.username());
        switch (login.credential()) {
            case Password(var password) -> claims.claim("submissionPassword", password);
            case AccessToken(var token, var _, var _) -> claims.claim("submissionToken", token);
            case OAuthGrant _ ->
                    throw new IllegalArgumentException("a grant is not for sending alone");
        }
    }

    private static @Nullable SubmissionLogin submission(JWTClaimsSet claims) throws ParseException {
        var user = claims.getStringClaim("submissionUser");
        if (user == null) {
            return null;
        }
        var token = claims.getStringClaim("submissionToken");
        return new SubmissionLogin(
                user,
                token == null
                        ? new Password(claims.getStringClaim("submissionPassword"))
                        : AccessToken.of(token, null));
    }

    private static void limit(JWTClaimsSet.Builder claims, TokenLimits limits) {
        // also where they are all: there may be others later
        if (!limits.equals(TokenLimits.NONE)) {
            claims.claim("scopes", limits.scopes().stream().map(Scope::name).sorted().toList());
        }
        if (limits.mailboxes() != null) {
            claims.claim("mailboxes", List.copyOf(limits.mailboxes()));
        }
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
        return new Account(
                server,
                user,
                credential(claims),
                login == null ? user : login,
                roles(claims),
                limits(claims),
                submission(claims));
    }

    private static Map<String, String> roles(JWTClaimsSet claims) throws ParseException {
        var roles = new HashMap<String, String>();
        if (claims.getJSONObjectClaim("roles") != null) {
            claims.getJSONObjectClaim("roles")
                    .forEach((role, name) -> roles.put(role, (String) name));
        }
        return roles;
    }

    private static TokenLimits limits(JWTClaimsSet claims) throws ParseException {
        var scopes =
                claims.getClaim("scopes") == null
                        ? TokenLimits.NONE.scopes()
                        : texts(claims, "scopes").stream()
                                .map(Scope::valueOf)
                                .collect(Collectors.toSet());
        return new TokenLimits(
                scopes,
                claims.getClaim("mailboxes") == null
                        ? null
                        : Set.copyOf(texts(claims, "mailboxes")));
    }

    /** A list of texts; empty where the claim is absent. */
    static List<String> texts(JWTClaimsSet claims, String name) throws ParseException {
        return claims.getClaim(name) == null ? List.of() : claims.getStringListClaim(name);
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
