package postern.account;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Seals sessions into tokens and opens them again. A token contains the whole session, including
 * the credential, so that any replica with the keys can open it and no replica stores it.
 */
@Component
public final class SessionTokens {

    /** So that a gateway from before there were limits opens no token that has some. */
    private static final JOSEObjectType NARROWED = new JOSEObjectType("narrowed");

    private final TokenSeal seal;
    private final Duration lifetime;
    private final Revocations revocations;
    private final AllowedServers servers;
    private final Clock clock;

    @Autowired
    SessionTokens(
            TokenSeal seal,
            SessionProperties properties,
            Revocations revocations,
            AllowedServers servers) {
        this(seal, properties, revocations, servers, Clock.systemUTC());
    }

    SessionTokens(
            TokenSeal seal,
            SessionProperties properties,
            Revocations revocations,
            AllowedServers servers,
            Clock clock) {
        this.seal = seal;
        this.lifetime = properties.lifetime();
        this.revocations = revocations;
        this.servers = servers;
        this.clock = clock;
    }

    /** Starts a session; the credential is not checked here. */
    public Session start(Account account) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Session(UUID.randomUUID().toString(), account, now, now.plus(lifetime));
    }

    /**
     * A session within this one, which it cannot outlive. The caller has checked that the limits
     * are no wider than those of this session, and the end no later.
     */
    public Session narrow(Session session, TokenLimits limits, Instant expiresAt) {
        var within = new ArrayList<>(session.within());
        within.add(session.id());
        return new Session(
                UUID.randomUUID().toString(),
                session.account().limitedTo(limits),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                expiresAt,
                within);
    }

    public String seal(Session session) {
        return seal.seal(session.narrowed() ? NARROWED : null, claims(session));
    }

    /** Throws {@link SessionRefused}. */
    public Session open(String token) {
        var session = decrypt(token);
        requireValid(session);
        return session;
    }

    /** Whether an opened session is still good; throws {@link SessionRefused}. */
    public void requireValid(Session session) {
        if (!clock.instant().isBefore(session.expiresAt())) {
            throw new SessionRefused(SessionRefused.Reason.EXPIRED);
        }
        if (revocations.contain(session.id(), session.within())) {
            throw new SessionRefused(SessionRefused.Reason.REVOKED);
        }
        if (!servers.allows(session.account().server())) {
            throw new SessionRefused(SessionRefused.Reason.SERVER_NOT_ALLOWED);
        }
    }

    /**
     * A keyed hash of who signs in where and for whom, the same on every replica; it reveals
     * nothing without the keys of the tokens.
     */
    public String ownerTag(Account account) {
        return seal.ownerTag(account);
    }

    public void revoke(Session session) {
        revocations.add(session);
    }

    private Session decrypt(String token) {
        var claims =
                seal.open(null, token)
                        .or(() -> seal.open(NARROWED, token))
                        .orElseThrow(SessionTokens::unreadable);
        try {
            return session(claims);
        } catch (ParseException | RuntimeException _) {
            // a missing claim shows up as a NullPointerException
            throw unreadable();
        }
    }

    private static SessionRefused unreadable() {
        return new SessionRefused(SessionRefused.Reason.UNREADABLE);
    }

    private static JWTClaimsSet claims(Session session) {
        return AccountClaims.of(session.account())
                .jwtID(session.id())
                .issueTime(Date.from(session.issuedAt()))
                .expirationTime(Date.from(session.expiresAt()))
                .claim("within", session.narrowed() ? session.within() : null)
                .build();
    }

    private static Session session(JWTClaimsSet claims) throws ParseException {
        return new Session(
                claims.getJWTID(),
                AccountClaims.read(claims),
                claims.getIssueTime().toInstant(),
                claims.getExpirationTime().toInstant(),
                AccountClaims.texts(claims, "within"));
    }
}
