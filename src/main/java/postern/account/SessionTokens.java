package postern.account;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Seals sessions into tokens and opens them again: JWE, direct, A256GCM (RFC 7516). A token holds
 * all of its session, the credential included, so that any replica with the keys can open it and
 * none stores it.
 */
@Component
public final class SessionTokens {

    private final SessionKeys keys;
    private final Duration lifetime;
    private final Revocations revocations;
    private final Clock clock;

    @Autowired
    SessionTokens(SessionProperties properties, Revocations revocations) {
        this(properties, revocations, Clock.systemUTC());
    }

    SessionTokens(SessionProperties properties, Revocations revocations, Clock clock) {
        this.keys = SessionKeys.of(properties.keys());
        this.lifetime = properties.lifetime();
        this.revocations = revocations;
        this.clock = clock;
    }

    /** Starts a session; nothing checks the credential here. */
    public Session start(Account account) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Session(UUID.randomUUID().toString(), account, now, now.plus(lifetime));
    }

    public String seal(Session session) {
        var key = keys.sealing();
        var header =
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                        .keyID(key.getKey())
                        .build();
        var token = new EncryptedJWT(header, claims(session));
        try {
            token.encrypt(new DirectEncrypter(key.getValue()));
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has AES/GCM", e);
        }
        return token.serialize();
    }

    /** Throws {@link SessionRefused}. */
    public Session open(String token) {
        var session = decrypt(token);
        if (!clock.instant().isBefore(session.expiresAt())) {
            throw new SessionRefused(SessionRefused.Reason.EXPIRED);
        }
        if (revocations.contains(session)) {
            throw new SessionRefused(SessionRefused.Reason.REVOKED);
        }
        return session;
    }

    public void revoke(Session session) {
        revocations.add(session);
    }

    private Session decrypt(String token) {
        try {
            var jwt = EncryptedJWT.parse(token);
            var header = jwt.getHeader();
            var key = keys.opening(header.getKeyID());
            // the same key would fit another method; tokens of ours have this one only
            if (key == null
                    || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
                    || !JWEAlgorithm.DIR.equals(header.getAlgorithm())) {
                throw new SessionRefused(SessionRefused.Reason.UNREADABLE);
            }
            jwt.decrypt(new DirectDecrypter(key));
            return session(jwt.getJWTClaimsSet());
        } catch (ParseException | JOSEException | RuntimeException _) {
            // the library meets some damaged headers, and we absent claims, with
            // NullPointerException
            throw new SessionRefused(SessionRefused.Reason.UNREADABLE);
        }
    }

    private static JWTClaimsSet claims(Session session) {
        var account = session.account();
        var claims =
                new JWTClaimsSet.Builder()
                        .jwtID(session.id())
                        .issueTime(Date.from(session.issuedAt()))
                        .expirationTime(Date.from(session.expiresAt()))
                        .subject(account.user())
                        .claim("host", account.server().host())
                        .claim("port", account.server().port())
                        .claim("security", account.server().security().name());
        return switch (account.credential()) {
            case Password(var password) -> claims.claim("password", password).build();
        };
    }

    private static Session session(JWTClaimsSet claims) throws ParseException {
        var server =
                new ImapServer(
                        claims.getStringClaim("host"),
                        claims.getIntegerClaim("port"),
                        Security.valueOf(claims.getStringClaim("security")));
        var password = new Password(claims.getStringClaim("password"));
        return new Session(
                claims.getJWTID(),
                new Account(server, claims.getSubject(), password),
                instant(claims.getIssueTime()),
                instant(claims.getExpirationTime()));
    }

    private static Instant instant(Date date) {
        return date.toInstant();
    }
}
