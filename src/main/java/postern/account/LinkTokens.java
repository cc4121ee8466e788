package postern.account;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Seals links into tokens for URLs and opens them again, with the same keys as sessions. A link
 * gives access to its one file only, and a session token is never accepted as a link.
 */
@Component
public final class LinkTokens {

    private static final JOSEObjectType TYPE = new JOSEObjectType("link");

    /** The header of the JWE, behind the tag that a link has in front since there are tags. */
    private static final Pattern HEADER = Pattern.compile("^((?:[0-9a-f]+\\.)?eyJ[^.]*)\\.");

    private final TokenSeal seal;
    private final Revocations revocations;
    private final AllowedServers servers;
    private final Clock clock;

    @Autowired
    LinkTokens(TokenSeal seal, Revocations revocations, AllowedServers servers) {
        this(seal, revocations, servers, Clock.systemUTC());
    }

    LinkTokens(TokenSeal seal, Revocations revocations, AllowedServers servers, Clock clock) {
        this.seal = seal;
        this.revocations = revocations;
        this.servers = servers;
        this.clock = clock;
    }

    /**
     * Makes a link with this lifetime, but at most that of the session in which it is made and of
     * its access token. A link of a narrowed token has its one file alone, so that it needs no
     * limits of its own. The credential is not checked here.
     */
    public Link start(
            Account account, @Nullable Session session, String target, Duration lifetime) {
        var end = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(lifetime);
        if (account.credential() instanceof AccessToken token && token.expiresAt() != null) {
            end = earlier(end, token.expiresAt());
        }
        // Nothing is sent through a link.
        var owner = account.limitedTo(TokenLimits.NONE).withRoles(Map.of()).sendingAs(null);
        return session == null
                ? new Link(owner, null, List.of(), target, end)
                : new Link(
                        owner,
                        session.id(),
                        session.within(),
                        target,
                        earlier(end, session.expiresAt()));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    public String seal(Link link) {
        var claims =
                AccountClaims.of(link.account())
                        .jwtID(link.sessionId())
                        .expirationTime(Date.from(link.expiresAt()))
                        .claim("within", link.within().isEmpty() ? null : link.within())
                        .claim("file", link.target())
                        .build();
        // A direct JWE has an empty key part. Two consecutive dots in a URL could be rejected as
        // path traversal.
        return seal.seal(TYPE, claims).replace("..", ".");
    }

    /** Throws {@link LinkRefused}. */
    public Link open(String token) {
        var link =
                seal.open(TYPE, HEADER.matcher(token).replaceFirst("$1.."))
                        .flatMap(LinkTokens::link)
                        .orElseThrow(() -> new LinkRefused(LinkRefused.Reason.UNREADABLE));
        requireValid(link);
        return link;
    }

    /** Whether an opened link is still good; throws {@link LinkRefused}. */
    public void requireValid(Link link) {
        if (!clock.instant().isBefore(link.expiresAt())) {
            throw new LinkRefused(LinkRefused.Reason.EXPIRED);
        }
        if (link.sessionId() != null && revocations.contain(link.sessionId(), link.within())) {
            throw new LinkRefused(LinkRefused.Reason.REVOKED);
        }
        if (!servers.allows(link.account().server())) {
            throw new LinkRefused(LinkRefused.Reason.SERVER_NOT_ALLOWED);
        }
    }

    /** The time until the link expires. */
    public Duration remaining(Link link) {
        return Duration.between(clock.instant(), link.expiresAt());
    }

    private static Optional<Link> link(JWTClaimsSet claims) {
        try {
            return Optional.of(
                    new Link(
                            AccountClaims.read(claims),
                            claims.getJWTID(),
                            AccountClaims.texts(claims, "within"),
                            Objects.requireNonNull(claims.getStringClaim("file")),
                            claims.getExpirationTime().toInstant()));
        } catch (ParseException | RuntimeException _) {
            // a missing claim shows up as a NullPointerException
            return Optional.empty();
        }
    }
}
