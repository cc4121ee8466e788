package postern.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.SessionRefused.Reason;
import postern.shared.InMemorySharedState;
import postern.shared.SharedStateUnavailable;
import postern.shared.StateOfReplicas;

class SessionTokensTest {

    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final String KEY = key('k');
    private static final Account ANNE =
            new Account(
                    new ImapServer("imap.example.com", 993, Security.TLS),
                    "änne@example.com",
                    new Password("sesam öffne dich: 🗝"));

    private Instant now = START;
    private final InstantSource time = () -> now;
    private final Clock clock = time.withZone(ZoneOffset.UTC);
    private final Revocations revocations =
            new Revocations(new InMemorySharedState(clock), LIFETIME, clock);
    private boolean allowed = true;
    private final SessionTokens tokens = tokens(KEY);

    @Test
    void aTokenOpensToTheSessionItWasSealedFrom() {
        var session = tokens.start(ANNE);

        assertThat(tokens.open(tokens.seal(session))).isEqualTo(session);
        assertThat(session.expiresAt()).isEqualTo(START.plus(LIFETIME));
    }

    @Test
    void anAccessTokenIsSealedWithItsEndAndTheTokenThatItReplaces() {
        var first = AccessToken.of("first", START.plusMillis(90_500));
        var session = tokens.start(new Account(ANNE.server(), "support", first, "anne"));
        var refreshed = session.with(session.account().with(first.replacedBy("second", null)));

        assertThat(tokens.open(tokens.seal(session))).isEqualTo(session);
        assertThat(tokens.open(tokens.seal(refreshed))).isEqualTo(refreshed);
        assertThat(refreshed.id()).isEqualTo(session.id());
        assertThat(refreshed.expiresAt()).isEqualTo(session.expiresAt());
        assertThat(refreshed.account().credential().familySecret()).isEqualTo(first.familySecret());
    }

    @Test
    void aGrantIsSealedByItsIdAndKey() {
        var session = tokens.start(ANNE.with(OAuthGrant.random()));

        assertThat(tokens.open(tokens.seal(session))).isEqualTo(session);
    }

    @Test
    void theEndOfASessionEndsItsRefreshedTokenToo() {
        var first = AccessToken.of("first", null);
        var session = tokens.start(ANNE.with(first));
        var refreshed = tokens.seal(session.with(ANNE.with(first.replacedBy("second", null))));

        tokens.revoke(session);

        assertRefused(tokens, refreshed, Reason.REVOKED);
    }

    @Test
    void aReplicaWithTheSameKeysOpensIt() {
        var token = tokens.seal(tokens.start(ANNE));

        assertThat(tokens(KEY).open(token).account()).isEqualTo(ANNE);
    }

    @Test
    void aKeyThatNoLongerSealsStillOpens() {
        var token = tokens.seal(tokens.start(ANNE));

        assertThat(tokens(key('n'), KEY).open(token).account()).isEqualTo(ANNE);
        assertRefused(tokens(key('n')), token, Reason.UNREADABLE);
    }

    @Test
    void aTokenShowsNothingOfWhatItHolds() {
        var token = tokens.seal(tokens.start(ANNE));

        var jwe = RoutingTag.strip(token);
        var header = jwe.substring(0, jwe.indexOf('.'));
        assertThat(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
                .doesNotContain("anne", "example", "sesam");
        assertThat(tokens.seal(tokens.start(ANNE))).isNotEqualTo(token);
    }

    @Test
    void aTokenIsRefusedFromTheInstantItExpires() {
        var token = tokens.seal(tokens.start(ANNE));

        now = START.plus(LIFETIME).minusMillis(1);
        assertThat(tokens.open(token)).isNotNull();
        now = START.plus(LIFETIME);
        assertRefused(tokens, token, Reason.EXPIRED);
    }

    @Test
    void aSessionOfAServerThatIsNoLongerAllowedIsRefused() {
        var token = tokens.seal(tokens.start(ANNE));

        allowed = false;

        assertRefused(tokens, token, Reason.SERVER_NOT_ALLOWED);
    }

    @Test
    void aRevokedSessionIsRefusedAndNoOther() {
        var session = tokens.start(ANNE);
        var other = tokens.start(ANNE);
        tokens.revoke(session);

        assertRefused(tokens, tokens.seal(session), Reason.REVOKED);
        assertThat(tokens.open(tokens.seal(other))).isEqualTo(other);
    }

    @Test
    void aNarrowedSessionOpensWithItsLimitsAndEnd() {
        var login = tokens.start(ANNE.withRoles(Map.of("sent", "Weg")));
        var limits = new TokenLimits(Set.of(Scope.READ, Scope.SEND), Set.of("INBOX", "Weg"));

        var narrowed = tokens.narrow(login, limits, START.plusSeconds(60));

        assertThat(tokens.open(tokens.seal(login))).isEqualTo(login);
        assertThat(tokens.open(tokens.seal(narrowed))).isEqualTo(narrowed);
        assertThat(narrowed.account().limits()).isEqualTo(limits);
        assertThat(narrowed.account().roles()).isEqualTo(login.account().roles());
        assertThat(narrowed.within()).containsExactly(login.id());
        assertThat(narrowed.expiresAt()).isEqualTo(START.plusSeconds(60));
        assertThat(narrowed.with(ANNE).within()).containsExactly(login.id());
    }

    @Test
    void aGatewayThatKnowsNoLimitsOpensNoNarrowedToken() {
        var seal = new TokenSeal(new SessionProperties(List.of(KEY), LIFETIME));
        var login = tokens.start(ANNE);
        var narrowed = tokens.narrow(login, TokenLimits.NONE, login.expiresAt());

        assertThat(seal.open(null, tokens.seal(login))).isPresent();
        assertThat(seal.open(null, tokens.seal(narrowed))).isEmpty();
    }

    @Test
    void theEndOfASessionEndsWhatWasNarrowedFromItAndNotTheOtherWayRound() {
        var login = tokens.start(ANNE);
        var first = tokens.narrow(login, TokenLimits.NONE, login.expiresAt());
        var second = tokens.narrow(first, TokenLimits.NONE, login.expiresAt());
        var sibling = tokens.narrow(login, TokenLimits.NONE, login.expiresAt());

        tokens.revoke(first);

        assertRefused(tokens, tokens.seal(first), Reason.REVOKED);
        assertRefused(tokens, tokens.seal(second), Reason.REVOKED);
        assertThat(tokens.open(tokens.seal(sibling))).isEqualTo(sibling);
        assertThat(tokens.open(tokens.seal(login))).isEqualTo(login);
        tokens.revoke(login);
        assertRefused(tokens, tokens.seal(sibling), Reason.REVOKED);
    }

    /** A program with one narrowed token can make and end as many others as it likes. */
    @Test
    void endedSessionsOfOneLoginDriveOutNoneOfAnother() {
        var shared = new InMemorySharedState(clock, 40_000);
        var few = tokens(new Revocations(shared, LIFETIME, clock), KEY);
        var anne = few.start(ANNE);
        var widget = few.narrow(anne, TokenLimits.NONE, START.plusSeconds(60));
        var program = few.start(ANNE.with(new Password("other")));
        few.revoke(widget);

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 2_000; i++) {
                                few.revoke(
                                        few.narrow(program, TokenLimits.NONE, program.expiresAt()));
                            }
                        })
                .isInstanceOf(TooManyEndedSessions.class);

        assertRefused(few, few.seal(widget), Reason.REVOKED);
        few.revoke(program);
        assertRefused(few, few.seal(program), Reason.REVOKED);
        var another = few.start(ANNE);
        few.revoke(another);
        assertRefused(few, few.seal(another), Reason.REVOKED);
    }

    @Test
    void aLoginEndsThoughTheMemoryIsFullOfNarrowedSessions() {
        var full = new InMemorySharedState(clock, 40_000);
        var few = tokens(new Revocations(full, LIFETIME, clock), KEY);
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 2_000; i++) {
                                var login = few.start(ANNE);
                                few.revoke(few.narrow(login, TokenLimits.NONE, login.expiresAt()));
                            }
                        })
                .isInstanceOf(SharedStateUnavailable.class);

        var login = few.start(ANNE);
        few.revoke(login);

        assertRefused(few, few.seal(login), Reason.REVOKED);
    }

    @Test
    void replicasTogetherEndABoundedNumberOfNarrowedSessionsOfALogin() {
        var shared = new StateOfReplicas(clock);
        var one = tokens(new Revocations(shared, LIFETIME, clock), KEY);
        var other = tokens(new Revocations(shared, LIFETIME, clock), KEY);
        var login = one.start(ANNE);
        for (int i = 0; i < 1_000; i++) {
            one.revoke(one.narrow(login, TokenLimits.NONE, login.expiresAt()));
            other.revoke(other.narrow(login, TokenLimits.NONE, login.expiresAt()));
        }
        var next = one.narrow(login, TokenLimits.NONE, login.expiresAt());

        assertThatThrownBy(() -> one.revoke(next)).isInstanceOf(TooManyEndedSessions.class);

        one.revoke(login);
        assertRefused(other, other.seal(next), Reason.REVOKED);
    }

    @Test
    void noneOfManyEndedSessionsOfOneLoginIsForgotten() {
        var login = tokens.start(ANNE);
        var ended = new ArrayList<Session>();
        for (int i = 0; i < 1_000; i++) {
            var one = tokens.narrow(login, TokenLimits.NONE, START.plusSeconds(60 + i));
            tokens.revoke(one);
            ended.add(one);
        }

        for (var one : ended) {
            assertRefused(tokens, tokens.seal(one), Reason.REVOKED);
        }
        assertThat(tokens.open(tokens.seal(login))).isEqualTo(login);
    }

    @Test
    void allTokensOfAnAccountBeginWithTheSameTag() {
        var login = tokens.start(ANNE);
        var token = ANNE.with(AccessToken.of("other", null));
        var upper = new ImapServer("IMAP.example.com", 993, Security.TLS);
        var tag = tag(tokens.seal(login));

        assertThat(tag).matches("[0-9a-f]{12}");
        assertThat(tag(tokens.seal(tokens.narrow(login, TokenLimits.NONE, login.expiresAt()))))
                .isEqualTo(tag);
        assertThat(tag(tokens.seal(tokens.start(token)))).isEqualTo(tag);
        assertThat(
                        tag(
                                tokens.seal(
                                        tokens.start(
                                                new Account(
                                                        upper, ANNE.user(), ANNE.credential())))))
                .isEqualTo(tag);
        assertThat(
                        tag(
                                tokens.seal(
                                        tokens.start(
                                                new Account(
                                                        ANNE.server(), "bob", ANNE.credential())))))
                .isNotEqualTo(tag);
    }

    @Test
    void replicasAgreeOnATagAlsoWhileAKeyIsReplacedAndNobodyElseCanGuessIt() {
        var session = tokens.start(ANNE);
        var tag = tag(tokens.seal(session));

        assertThat(tag(tokens(KEY).seal(session))).isEqualTo(tag);
        assertThat(tag(tokens(key('n'), KEY).seal(session))).isEqualTo(tag);
        assertThat(tag(tokens(key('n')).seal(session))).isNotEqualTo(tag);
    }

    @Test
    void aTokenFromBeforeThereWereTagsStillOpens() {
        var session = tokens.start(ANNE);

        assertThat(tokens.open(RoutingTag.strip(tokens.seal(session)))).isEqualTo(session);
    }

    private static String tag(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    @Test
    void anyDamageIsNoticed() {
        var token = tokens.seal(tokens.start(ANNE));
        var random = new Random(7);

        for (int i = 0; i < 500; i++) {
            var damaged = new StringBuilder(token);
            int at = random.nextInt(token.length());
            damaged.setCharAt(at, token.charAt(at) == 'A' ? 'B' : 'A');
            // some base64url characters have unused last bits
            if (!sameOctets(token, damaged.toString())) {
                assertRefused(tokens, damaged.toString(), Reason.UNREADABLE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "....",
                "a.b.c",
                "a.b.c.d.e",
                "eyJhbGciOiJub25lIn0.e30.",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....",
                "null",
                "Ω"
            })
    void whatIsNoTokenIsRefused(String text) {
        assertRefused(tokens, text, Reason.UNREADABLE);
    }

    @Test
    void anotherMethodWithTheSameKeyIsRefused() throws Exception {
        var keys = SessionKeys.of(List.of(KEY));
        var header =
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A128CBC_HS256)
                        .keyID(keys.sealing().getKey())
                        .build();
        var token = new EncryptedJWT(header, new JWTClaimsSet.Builder().subject("x").build());
        token.encrypt(new DirectEncrypter(keys.sealing().getValue()));

        assertRefused(tokens, token.serialize(), Reason.UNREADABLE);
    }

    @Test
    void aTokenWithoutASessionInItIsRefused() throws Exception {
        var keys = SessionKeys.of(List.of(KEY));
        var header =
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                        .keyID(keys.sealing().getKey())
                        .build();
        var token = new EncryptedJWT(header, new JWTClaimsSet.Builder().subject("x").build());
        token.encrypt(new DirectEncrypter(keys.sealing().getValue()));

        assertRefused(tokens, token.serialize(), Reason.UNREADABLE);
    }

    @Test
    void withoutKeysEveryProcessHasItsOwn() {
        var token = tokens().seal(tokens().start(ANNE));

        assertRefused(tokens(), token, Reason.UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "c2hvcnQ=", "not base64 but secret!"})
    void aKeyOfTheWrongSizeIsRefusedAtStartAndNotShown(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokens(key))
                .withMessage("postern.session.keys holds something that is not 32 octets in base64")
                .withNoCause();
    }

    @Test
    void nothingOfTheAccountIsInWhatMightBeLogged() {
        var session = tokens.start(ANNE);
        var properties = new SessionProperties(List.of(KEY), LIFETIME);

        assertThat(session.toString() + properties).doesNotContain("änne", "sesam", KEY);
    }

    private SessionTokens tokens(String... keys) {
        return tokens(revocations, keys);
    }

    private SessionTokens tokens(Revocations memory, String... keys) {
        var properties = new SessionProperties(List.of(keys), LIFETIME);
        return new SessionTokens(
                new TokenSeal(properties), properties, memory, _ -> allowed, clock);
    }

    private static void assertRefused(SessionTokens tokens, String token, Reason reason) {
        assertThatThrownBy(() -> tokens.open(token))
                .isInstanceOfSatisfying(
                        SessionRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static boolean sameOctets(String one, String other) {
        var left = one.split("\\.", -1);
        var right = other.split("\\.", -1);
        for (int i = 0; i < left.length; i++) {
            if (right.length != left.length
                    || !Arrays.equals(
                            Base64.getUrlDecoder().decode(left[i]),
                            Base64.getUrlDecoder().decode(right[i]))) {
                return false;
            }
        }
        return true;
    }

    private static String key(char c) {
        return Base64.getEncoder()
                .encodeToString(String.valueOf(c).repeat(32).getBytes(StandardCharsets.US_ASCII));
    }
}
