package postern.oauth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.testserver.AuthorizationServer.CLIENT;
import static postern.testserver.AuthorizationServer.SECRET;
import static postern.testserver.AuthorizationServer.VERIFIER;

import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.account.OAuthGrant;
import postern.account.Security;
import postern.imap.ImapException.AccessTokenRefused;
import postern.imap.ImapException.NotPossible;
import postern.imap.ImapException.ProtocolError;
import postern.imap.ImapException.SignInEnded;
import postern.imap.ImapException.SignInUnavailable;
import postern.provider.KnownServers;
import postern.provider.MailServers;
import postern.shared.InMemorySharedState;
import postern.shared.SharedArea;
import postern.testserver.AuthorizationServer;

/** Grants of an authorization server that rotates refresh tokens and notices their reuse. */
@Timeout(30)
class GrantsTest {

    private static final ImapServer MAIL = new ImapServer("imap.example.org", 993, Security.TLS);
    private static final String REDIRECT = "https://app.example.org/in";
    private static final MailServers SERVERS = servers("https://issuer.example.org");

    private final AuthorizationServer issuer = AuthorizationServer.start();
    private volatile Instant now = Instant.now();
    private final InMemorySharedState state = new InMemorySharedState(() -> now);
    private final Grants grants = replica(SERVERS);
    private final OAuthClient house = clients(SERVERS).named("house").orElseThrow();
    private final OAuthGrant grant = OAuthGrant.random();
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void signIn() throws TokenRefused {
        keep(grant, "anne");
    }

    @AfterEach
    void stop() {
        gate.countDown();
        issuer.close();
    }

    @Test
    void aTokenServesUntilAMinuteBeforeItsEnd() {
        var first = grants.current(grant, MAIL);

        pass(Duration.ofMinutes(58));
        assertThat(grants.current(grant, MAIL)).isEqualTo(first);

        pass(Duration.ofSeconds(70));
        var second = grants.current(grant, MAIL);
        assertThat(second.value()).isNotEqualTo(first.value());
        assertThat(second.family()).isEqualTo(first.family());
        assertThat(grants.current(grant, MAIL)).isEqualTo(second);
        assertThat(issuer.refreshes("anne")).isEqualTo(1);
    }

    @Test
    void aGrantLivesThroughManyRotations() {
        for (int hour = 0; hour < 10; hour++) {
            pass(Duration.ofHours(1));
            assertThat(issuer.user(grants.current(grant, MAIL).value())).contains("anne");
        }
        assertThat(issuer.refreshes("anne")).isEqualTo(10);
    }

    @Test
    void replicasAndTabsThatAskAtOnceRefreshOnce() throws Exception {
        var other = replica(SERVERS);
        pass(Duration.ofHours(1));
        issuer.waitFor(gate);
        var tokens = new ArrayList<Future<AccessToken>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int tab = 0; tab < 3; tab++) {
                tokens.add(threads.submit(() -> grants.current(grant, MAIL)));
                tokens.add(threads.submit(() -> other.current(grant, MAIL)));
            }
            eventually(() -> !issuer.requests().isEmpty() && issuer.refreshes("anne") > 0);
            gate.countDown();
            for (var token : tokens) {
                assertThat(token.get()).isEqualTo(tokens.getFirst().get());
            }
        }
        assertThat(issuer.refreshes("anne")).isEqualTo(1);
        assertThat(issuer.lives("anne")).isTrue();
    }

    @Test
    void aGrantThatIsKeptForASubscriptionOutlivesItsSession() {
        grants.keepUntil(grant, now.plus(Duration.ofDays(30)));

        pass(Duration.ofDays(20));

        assertThat(grants.refreshable(grant)).isTrue();
        assertThat(issuer.user(grants.current(grant, MAIL).value())).contains("anne");
    }

    @Test
    void aGrantThatIsKeptLongerWhileItIsRefreshedIsKeptLonger() throws Exception {
        pass(Duration.ofHours(1));
        issuer.waitFor(gate);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var token = threads.submit(() -> grants.current(grant, MAIL));
            eventually(() -> issuer.refreshes("anne") > 0);
            grants.keepUntil(grant, now.plus(Duration.ofDays(30)));
            gate.countDown();
            assertThat(issuer.user(token.get().value())).contains("anne");
        }

        pass(Duration.ofDays(20));

        assertThat(issuer.user(grants.current(grant, MAIL).value())).contains("anne");
        assertThat(issuer.lives("anne")).isTrue();
    }

    @Test
    void whoComesLateWithARefusedTokenGetsTheOneThatReplacedIt() {
        var refused = grants.current(grant, MAIL);

        var second = grants.insteadOf(grant, refused);
        var late = replica(SERVERS).insteadOf(grant, refused);

        assertThat(late).isEqualTo(second);
        assertThat(issuer.refreshes("anne")).isEqualTo(1);
    }

    @Test
    void aLockWhoseHolderDiedEndsByItself() {
        var dead = "somebody".getBytes(ISO_8859_1);
        state.put(SharedArea.GRANT_LOCKS, grant.id(), dead, Duration.ofMinutes(2));
        pass(Duration.ofHours(1));

        assertThat(grants.current(grant, MAIL)).isNotNull();
        assertThat(issuer.refreshes("anne")).isEqualTo(1);
    }

    @Test
    void aReplicaThatStoppedForLongerThanItsLockLivesTakesTheTokenOfTheOther() throws Exception {
        pass(Duration.ofHours(1));
        issuer.waitFor(gate);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped = threads.submit(() -> grants.current(grant, MAIL));
            eventually(() -> issuer.refreshes("anne") > 0);
            pass(Duration.ofMinutes(2));
            issuer.waitFor(new CountDownLatch(0));

            var token = replica(SERVERS).current(grant, MAIL);
            gate.countDown();

            assertThat(stopped.get()).isEqualTo(token);
        }
    }

    @Test
    void aLogoutDuringARefreshWins() throws Exception {
        pass(Duration.ofHours(1));
        issuer.waitFor(gate);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var token = threads.submit(() -> grants.current(grant, MAIL));
            eventually(() -> issuer.refreshes("anne") > 0);

            grants.end(grant);
            gate.countDown();

            assertThatThrownBy(token::get).hasCauseInstanceOf(SignInEnded.class);
        }
        assertThat(state.get(SharedArea.GRANTS, grant.id())).isNull();
        eventually(() -> issuer.revoked().size() == 2);
    }

    @Test
    void onlyItsOwnKeyOpensAGrant() {
        var stored = Objects.requireNonNull(state.get(SharedArea.GRANTS, grant.id()));
        assertThat(new String(stored, ISO_8859_1)).doesNotContain("anne", "access", "refresh");

        var guessed = new OAuthGrant(grant.id(), OAuthGrant.random().key());
        assertThatThrownBy(() -> grants.current(guessed, MAIL)).isInstanceOf(SignInEnded.class);
        grants.end(guessed);
        assertThat(grants.current(grant, MAIL)).isNotNull();

        var moved = new OAuthGrant("another", grant.key());
        state.put(SharedArea.GRANTS, "another", stored, Duration.ofHours(1));
        assertThatThrownBy(() -> grants.current(moved, MAIL)).isInstanceOf(SignInEnded.class);
    }

    @Test
    void aServerThatIsNoLongerTiedToTheIssuerGetsNothing() {
        pass(Duration.ofHours(1));
        int asked = issuer.requests().size();

        for (var moved : new MailServers[] {servers("https://other.example.org"), servers(null)}) {
            assertThatThrownBy(() -> replica(SERVERS, moved).current(grant, MAIL))
                    .isInstanceOf(NotPossible.class);
        }
        var foreign = new ImapServer("imap.evil.example", 993, Security.TLS);
        assertThatThrownBy(() -> grants.current(grant, foreign)).isInstanceOf(NotPossible.class);
        assertThat(issuer.requests()).hasSize(asked);
    }

    @Test
    void aTokenThatIsStillValidServesWhileTheAuthorizationServerIsAway() {
        var first = grants.current(grant, MAIL);
        pass(Duration.ofMinutes(59).plusSeconds(30));
        issuer.plan(503, null, "");

        assertThat(grants.current(grant, MAIL)).isEqualTo(first);
        assertThat(grants.current(grant, MAIL)).isEqualTo(first);
        assertThat(issuer.refreshes("anne")).as("asked once in five seconds").isEqualTo(1);

        issuer.plan(503, null, "");
        pass(Duration.ofMinutes(1));
        assertThatThrownBy(() -> grants.current(grant, MAIL)).isInstanceOf(SignInUnavailable.class);
        pass(Duration.ofSeconds(6));
        assertThat(grants.current(grant, MAIL)).isNotEqualTo(first);
    }

    @Test
    void anAnswerThatIsNoTokenEndsNothing() {
        pass(Duration.ofHours(1));
        for (var body : new String[] {"", "{}", "{\"access_token\": \"a b\"}", "[]", "{\"a\": "}) {
            issuer.plan(200, null, body);
            assertThatThrownBy(() -> grants.current(grant, MAIL))
                    .hasMessage("the authorization server gave no proper answer");
            assertThatThrownBy(() -> grants.current(grant, MAIL))
                    .as("not asked again at once")
                    .isInstanceOf(SignInUnavailable.class);
            pass(Duration.ofSeconds(5));
        }
        assertThat(issuer.refreshes("anne")).isEqualTo(5);
        assertThat(grants.current(grant, MAIL)).isNotNull();
    }

    @Test
    void aTokenThatIsStillValidServesWhileTheAuthorizationServerAnswersNonsense() {
        var first = grants.current(grant, MAIL);
        pass(Duration.ofMinutes(59).plusSeconds(30));

        issuer.plan(200, null, "{}");
        assertThat(grants.current(grant, MAIL)).isEqualTo(first);
        assertThat(grants.current(grant, MAIL)).isEqualTo(first);
        assertThat(issuer.refreshes("anne")).isEqualTo(1);

        pass(Duration.ofSeconds(5));
        assertThat(grants.current(grant, MAIL)).isNotEqualTo(first);
    }

    @Test
    void whereThereAreTooManyRequestsTheWholeClientPauses() throws TokenRefused {
        var berts = OAuthGrant.random();
        keep(berts, "bert");
        pass(Duration.ofHours(1));
        issuer.plan(429, "120", "slow down");
        assertThatThrownBy(() -> grants.current(grant, MAIL)).isInstanceOf(SignInUnavailable.class);
        int asked = issuer.requests().size();

        var other = replica(SERVERS);
        assertThatThrownBy(() -> other.current(berts, MAIL))
                .isInstanceOfSatisfying(
                        SignInUnavailable.class,
                        e ->
                                assertThat(e.retryAfter())
                                        .isBetween(
                                                Duration.ofSeconds(119), Duration.ofSeconds(120)));
        assertThatThrownBy(() -> keep(OAuthGrant.random(), "carl"))
                .isInstanceOf(SignInUnavailable.class);
        assertThat(issuer.requests()).hasSize(asked);

        pass(Duration.ofSeconds(120));
        assertThat(other.current(berts, MAIL)).isNotNull();
        assertThat(grants.current(grant, MAIL)).isNotNull();
    }

    @Test
    void aClientThatIsRefusedPausesToo() {
        pass(Duration.ofHours(1));
        issuer.plan(401, null, "{\"error\": \"invalid_client\"}");
        assertThatThrownBy(() -> grants.current(grant, MAIL)).isInstanceOf(ProtocolError.class);
        int asked = issuer.requests().size();

        assertThatThrownBy(() -> keep(OAuthGrant.random(), "carl"))
                .isInstanceOf(SignInUnavailable.class);

        assertThat(issuer.requests()).hasSize(asked);
        pass(Duration.ofSeconds(30));
        assertThat(grants.current(grant, MAIL)).isNotNull();
    }

    @Test
    void whereTheSameTokenComesAgainOneRequestIsEnough() throws Exception {
        var refused = grants.current(grant, MAIL);
        var same = "{\"access_token\": \"%s\", \"token_type\": \"Bearer\"}";
        issuer.plan(200, null, same.formatted(refused.value())).waitFor(gate);
        var other = replica(SERVERS);
        var tokens = new ArrayList<Future<AccessToken>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int tab = 0; tab < 3; tab++) {
                tokens.add(threads.submit(() -> grants.insteadOf(grant, refused)));
                tokens.add(threads.submit(() -> other.insteadOf(grant, refused)));
            }
            eventually(() -> issuer.refreshes("anne") > 0);
            gate.countDown();
            for (var token : tokens) {
                assertThatThrownBy(token::get)
                        .cause()
                        .isInstanceOfAny(AccessTokenRefused.class, SignInUnavailable.class);
            }
        }
        assertThat(issuer.refreshes("anne")).isEqualTo(1);
    }

    @Test
    void afterARefusalAnotherTokenIsAskedForBeforeAConnectionIsOpened() {
        var sent = new ArrayList<Account>();
        var connector =
                new GrantConnector(
                        account -> {
                            sent.add(account);
                            throw new AccessTokenRefused("refused", null);
                        },
                        grants,
                        new LoginHashes(),
                        state);
        var anne = new Account(MAIL, "anne", grant);
        issuer.plan(503, "1", "");
        assertThatThrownBy(() -> connector.connect(anne)).isInstanceOf(SignInUnavailable.class);
        pass(Duration.ofSeconds(1));

        connector.prepare(anne);

        assertThat(issuer.refreshes("anne")).isEqualTo(2);
        assertThat(sent).hasSize(1);
    }

    @Test
    void whatAnotherReplicaStoredDuringARefreshIsNotRevoked() throws Exception {
        pass(Duration.ofHours(1));
        issuer.waitFor(gate);
        var store = new StoredGrants(state, () -> now);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped = threads.submit(() -> grants.current(grant, MAIL));
            eventually(() -> issuer.refreshes("anne") > 0);
            var before = store.get(grant);
            var answer = new TokenAnswer("others", now.plusSeconds(3600), "refresh", null);
            assertThat(store.replace(grant, before, before.content().refreshed(answer))).isTrue();
            gate.countDown();

            assertThat(stopped.get().value()).isEqualTo("others");
        }
        assertThat(store.get(grant).content().refreshToken()).isEqualTo("refresh");
        assertThat(issuer.revoked()).isEmpty();
    }

    @Test
    void aClientOfAnotherIssuerGetsNoTokensOfTheOneBefore() {
        pass(Duration.ofHours(1));
        int asked = issuer.requests().size();

        // the name of the client now means another issuer, but the mail server takes the old tokens
        var renamed = replica(servers("https://other.example.org"), SERVERS);
        assertThatThrownBy(() -> renamed.current(grant, MAIL)).isInstanceOf(SignInEnded.class);
        renamed.end(grant);

        assertThat(issuer.requests()).hasSize(asked);
        assertThat(issuer.revoked()).isEmpty();
    }

    @Test
    void nobodyDrivesOutTheGrantsOfOthers() throws TokenRefused {
        var berts = OAuthGrant.random();
        keep(berts, "bert");
        var second = OAuthGrant.random();
        keep(second, "anne");
        var ended = OAuthGrant.random();
        keep(ended, "anne");
        grants.end(ended);
        for (int i = 2; i < OwnedGrants.MOST; i++) {
            keep(OAuthGrant.random(), "anne");
        }
        assertThat(grants.current(grant, MAIL)).as("an ended one does not count").isNotNull();

        keep(OAuthGrant.random(), "anne");

        assertThatThrownBy(() -> grants.current(grant, MAIL)).isInstanceOf(SignInEnded.class);
        assertThat(grants.current(second, MAIL)).isNotNull();
        assertThat(grants.current(berts, MAIL)).isNotNull();
    }

    @Test
    void codesBeyondTheBoundAreNotSent() throws Exception {
        int asked = issuer.requests().size();
        issuer.waitFor(gate);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = new ArrayList<Future<?>>();
            for (int i = 0; i < CodeLimits.OF_CLIENT; i++) {
                first.add(threads.submit(() -> redeem("carl")));
            }
            eventually(() -> issuer.requests().size() == asked + CodeLimits.OF_CLIENT);

            assertThatThrownBy(() -> redeem("dora")).isInstanceOf(SignInUnavailable.class);

            gate.countDown();
            for (var answer : first) {
                answer.get();
            }
        }
        assertThat(issuer.requests()).hasSize(asked + CodeLimits.OF_CLIENT);
        assertThat(redeem("dora")).isNotNull();
    }

    @Test
    void afterManyWrongCodesNoneIsSentForAMinute() throws TokenRefused {
        for (int i = 0; i < CodeLimits.REFUSED; i++) {
            assertThatThrownBy(() -> grants.redeem(house, "wrong", VERIFIER, REDIRECT))
                    .isInstanceOf(TokenRefused.class);
        }
        int asked = issuer.requests().size();

        assertThatThrownBy(() -> redeem("carl")).isInstanceOf(SignInUnavailable.class);
        assertThat(issuer.requests()).hasSize(asked);

        pass(Duration.ofMinutes(1));
        assertThat(redeem("carl")).isNotNull();
    }

    @Test
    void aGrantEndsWithItsSession() {
        pass(Duration.ofHours(12));

        assertThatThrownBy(() -> grants.current(grant, MAIL)).isInstanceOf(SignInEnded.class);
    }

    private void keep(OAuthGrant which, String user) throws TokenRefused {
        grants.keep(which, user, house, redeem(user), now.plus(Duration.ofHours(12)));
    }

    private TokenAnswer redeem(String user) throws TokenRefused {
        return grants.redeem(house, issuer.code(user, REDIRECT), VERIFIER, REDIRECT);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private Grants replica(MailServers servers) {
        return replica(servers, servers);
    }

    private Grants replica(MailServers before, MailServers servers) {
        return new Grants(clients(before), servers, state, () -> now);
    }

    private OAuthClients clients(MailServers servers) {
        var source = new MapConfigurationPropertySource();
        source.put("postern.oauth.timeout", "20s");
        var house = "postern.oauth.clients.house.";
        source.put(house + "server", "default");
        source.put(house + "client-id", CLIENT);
        source.put(house + "client-secret", SECRET);
        source.put(house + "redirect-uris", REDIRECT);
        source.put(house + "scopes", "mail");
        source.put(house + "token-endpoint", issuer.url("/token"));
        source.put(house + "revocation-endpoint", issuer.url("/revoke"));
        source.put(house + "internal", "true");
        return new OAuthClients(
                new Binder(source).bind("postern.oauth", OAuthProperties.class).get(),
                servers,
                (address, port, _) -> new Socket(address, port),
                new DefaultSslBundleRegistry(),
                state,
                () -> now);
    }

    private static MailServers servers(@Nullable String issuer) {
        var host = "postern.imap.host=imap.example.org";
        return issuer == null
                ? KnownServers.of(host)
                : KnownServers.of(host, "postern.imap.oauth-issuer=" + issuer);
    }

    private static void eventually(BooleanSupplier claim) {
        while (!claim.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("waited in vain");
            }
            Thread.yield();
        }
    }
}
