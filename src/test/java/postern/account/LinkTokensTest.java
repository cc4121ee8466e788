package postern.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.LinkRefused.Reason;
import postern.shared.InMemorySharedState;

class LinkTokensTest {

    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final String FILE = "FBI00J2OyQb59wJUOxfL part 2 inline";
    private static final Account ANNE =
            new Account(
                    new ImapServer("imap.example.com", 993, Security.TLS),
                    "änne@example.com",
                    new Password("sesam öffne dich: 🗝"));

    private Instant now = START;
    private final InstantSource time = () -> now;
    private final Clock clock = time.withZone(ZoneOffset.UTC);
    private final SessionProperties properties =
            new SessionProperties(List.of(key()), Duration.ofMinutes(15));
    private final TokenSeal seal = new TokenSeal(properties);
    private final Revocations revocations =
            new Revocations(new InMemorySharedState(clock), LIFETIME, clock);
    private boolean allowed = true;
    private final SessionTokens sessions =
            new SessionTokens(seal, properties, revocations, _ -> allowed, clock);
    private final LinkTokens links = new LinkTokens(seal, revocations, _ -> allowed, clock);

    @Test
    void aTokenOpensToTheLinkItWasSealedFrom() {
        var link = links.start(ANNE, sessions.start(ANNE), FILE, LIFETIME);

        var opened = links.open(links.seal(link));

        assertThat(opened).isEqualTo(link);
        assertThat(opened.target()).isEqualTo(FILE);
        assertThat(opened.expiresAt()).isEqualTo(START.plus(LIFETIME));
        assertThat(links.remaining(opened)).isEqualTo(LIFETIME);
    }

    @Test
    void aTokenIsShortAndShowsNothingAndFitsIntoAPath() {
        var token = links.seal(links.start(ANNE, sessions.start(ANNE), FILE, LIFETIME));

        assertThat(token).hasSizeLessThan(700).matches("[A-Za-z0-9_.-]+").doesNotContain("..");
        var jwe = RoutingTag.strip(token);
        var header = Base64.getUrlDecoder().decode(jwe.substring(0, jwe.indexOf('.')));
        assertThat(new String(header, StandardCharsets.UTF_8)).doesNotContain("example", "sesam");
        assertThat(links.open(token).toString()).doesNotContain("example", "sesam", "EtCd");
    }

    @Test
    void aLinkEndsWithTheAccessTokenThatItHolds() {
        var end = START.plusSeconds(60);
        var account = ANNE.with(AccessToken.of("token", end));

        assertThat(links.start(account, sessions.start(account), FILE, LIFETIME).expiresAt())
                .isEqualTo(end);
    }

    @Test
    void aLinkEndsWithTheSessionItWasMadeInAndWithNoOther() {
        var session = sessions.start(ANNE);
        var token = links.seal(links.start(ANNE, session, FILE, LIFETIME));
        var others = links.seal(links.start(ANNE, sessions.start(ANNE), FILE, LIFETIME));
        var nobodys = links.seal(links.start(ANNE, null, FILE, LIFETIME));

        sessions.revoke(session);

        assertRefused(token, Reason.REVOKED);
        assertThat(links.open(others).account()).isEqualTo(ANNE);
        assertThat(links.open(nobodys).account()).isEqualTo(ANNE);
    }

    @Test
    void aLinkOfANarrowedSessionEndsWithItAndWithAllThatItCameFrom() {
        var login = sessions.start(ANNE);
        var end = START.plusSeconds(90);
        var limits = new TokenLimits(Set.of(Scope.READ), Set.of("INBOX"));
        var first = sessions.narrow(login, limits, end);
        var second = sessions.narrow(first, limits, end);
        var sibling = sessions.narrow(login, limits, end);

        var link = links.start(second.account(), second, FILE, LIFETIME);
        var token = links.seal(link);
        var others = links.seal(links.start(sibling.account(), sibling, FILE, LIFETIME));

        assertThat(link.expiresAt()).isEqualTo(end);
        assertThat(links.open(token)).isEqualTo(link);
        sessions.revoke(first);
        assertRefused(token, Reason.REVOKED);
        assertThat(links.open(others)).isNotNull();
        sessions.revoke(login);
        assertRefused(others, Reason.REVOKED);
    }

    @Test
    void aLinkHasATagInFrontAndOneFromBeforeThereWereTagsStillOpens() {
        var link = links.start(ANNE, null, FILE, LIFETIME);
        var token = links.seal(link);

        assertThat(token).matches("[0-9a-f]{12}\\.eyJ.*");
        assertThat(links.open(RoutingTag.strip(token))).isEqualTo(link);
    }

    @Test
    void aLinkToAServerThatIsNoLongerAllowedIsRefused() {
        var token = links.seal(links.start(ANNE, null, FILE, LIFETIME));

        allowed = false;

        assertRefused(token, Reason.SERVER_NOT_ALLOWED);
    }

    @Test
    void aLinkNeverOutlivesItsSession() {
        var session = sessions.start(ANNE);
        now = START.plus(Duration.ofMinutes(12));

        var link = links.start(ANNE, session, FILE, LIFETIME);

        assertThat(link.expiresAt()).isEqualTo(session.expiresAt());
    }

    @Test
    void aLinkIsRefusedFromTheInstantItExpires() {
        var token = links.seal(links.start(ANNE, null, FILE, LIFETIME));

        now = START.plus(LIFETIME).minusMillis(1);
        assertThat(links.open(token)).isNotNull();
        now = START.plus(LIFETIME);
        assertRefused(token, Reason.EXPIRED);
    }

    @Test
    void aLinkIsNoSessionAndASessionIsNoLink() {
        var session = sessions.start(ANNE);
        var link = links.seal(links.start(ANNE, session, FILE, LIFETIME));

        assertThatThrownBy(() -> sessions.open(RoutingTag.strip(link).replaceFirst("\\.", "..")))
                .isInstanceOf(SessionRefused.class);
        assertRefused(sessions.seal(session), Reason.UNREADABLE);
        assertRefused(sessions.seal(session).replace("..", "."), Reason.UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "...", "....", "a.b.c.d", "x", "é.é.é.é"})
    void whatIsNoLinkIsRefused(String token) {
        assertRefused(token, Reason.UNREADABLE);
    }

    @Test
    void damageIsNoticedWhereverItIs() {
        var token = links.seal(links.start(ANNE, null, FILE, LIFETIME));

        for (int at = 0; at < token.length() - 1; at++) {
            // the last base64url character before a dot has unused bits
            if (token.charAt(at) != '.' && token.charAt(at + 1) != '.') {
                var damaged = new StringBuilder(token);
                damaged.setCharAt(at, token.charAt(at) == 'A' ? 'B' : 'A');
                assertRefused(damaged.toString(), Reason.UNREADABLE);
            }
        }
    }

    private void assertRefused(String token, Reason reason) {
        assertThatThrownBy(() -> links.open(token))
                .isInstanceOfSatisfying(
                        LinkRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static String key() {
        return Base64.getEncoder().encodeToString("k".repeat(32).getBytes(StandardCharsets.UTF_8));
    }
}
