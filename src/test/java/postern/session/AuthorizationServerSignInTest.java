package postern.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import postern.shared.InMemorySharedState;
import postern.shared.SharedState;
import postern.testserver.Replicas;
import postern.testserver.SignInPages;
import postern.testserver.SpringAuthorizationServer;
import postern.testserver.TokenMailServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Users who sign in at the pages of an authorization server that is not ours, and two gateways that
 * redeem their codes. Refresh tokens rotate, and one that is used twice ends its grant.
 */
@Timeout(180)
class AuthorizationServerSignInTest {

    private static final SpringAuthorizationServer ISSUER = SpringAuthorizationServer.start();
    private static final TokenMailServer MAIL = TokenMailServer.start(ISSUER::user);
    private static final SharedState STATE = new InMemorySharedState(InstantSource.system());
    private static final String VERIFIER = "a-verifier-that-the-app-has-made-for-this-sign-in";
    private static final List<ConfigurableApplicationContext> REPLICAS = new ArrayList<>();

    private static int users;

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private final String user = "u" + ++users;
    private final SignInPages pages = new SignInPages(user, SpringAuthorizationServer.PASSWORD);

    @BeforeAll
    static void startTwo() {
        var client = "postern.oauth.clients.house.";
        var properties =
                Map.of(
                        "postern.servers.work.host",
                        MAIL.host(),
                        "postern.servers.work.port",
                        MAIL.port(),
                        "postern.servers.work.security",
                        "none",
                        "postern.servers.work.domains",
                        "example.org",
                        "postern.servers.work.oauth-issuer",
                        "https://issuer.example.org",
                        client + "server",
                        "work",
                        client + "scopes",
                        "openid,mail",
                        client + "authorization-endpoint",
                        ISSUER.url("/oauth2/authorize"));
        var endpoints =
                Map.of(
                        client + "client-id",
                        SpringAuthorizationServer.CLIENT,
                        client + "client-secret",
                        SpringAuthorizationServer.SECRET,
                        client + "redirect-uris",
                        SpringAuthorizationServer.REDIRECT,
                        client + "token-endpoint",
                        ISSUER.url("/oauth2/token"),
                        client + "revocation-endpoint",
                        ISSUER.url("/oauth2/revoke"),
                        client + "internal",
                        "true");
        for (int i = 0; i < 2; i++) {
            REPLICAS.add(Replicas.start(STATE, properties, endpoints));
        }
    }

    @AfterEach
    void reset() {
        ISSUER.lifetime(Duration.ofHours(1)).waitFor(new CountDownLatch(0));
        MAIL.disconnect();
    }

    @AfterAll
    static void stop() throws IOException {
        REPLICAS.forEach(ConfigurableApplicationContext::close);
        MAIL.close();
        ISSUER.close();
    }

    @Test
    void theUserConsentsAtTheAuthorizationServersPagesAndReadsMail() throws Exception {
        var answer = createSession(code(), VERIFIER, "");

        assertThat(pages.titles()).containsExactly("Please sign in", "Consent required");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(json.readTree(answer.body()).at("/account/username").asString())
                .isEqualTo(user + "@example.org");
        assertThat(mailboxes(0, token(answer))).isEqualTo(200);
    }

    @Test
    void anotherVerifierThanTheAppsBeginsNothing() throws Exception {
        var answer = createSession(code(), "x".repeat(43), "");

        assertProblem(answer, 401, "authentication-failed");
        assertThat(ISSUER.living(user)).isZero();
    }

    @Test
    void aCodeThatIsUsedTwiceEndsTheGrant() throws Exception {
        ISSUER.lifetime(Duration.ofSeconds(30));
        var code = code();
        var session = token(createSession(code, VERIFIER, ""));

        assertProblem(createSession(code, VERIFIER, ""), 401, "authentication-failed");

        MAIL.disconnect();
        assertThat(mailboxes(0, session)).isEqualTo(401);
    }

    @Test
    void aRightTokenUnderAnotherNameBeginsNothingAndIsRevoked() throws Exception {
        var answer = createSession(code(), VERIFIER, "\"username\": \"other@example.org\",");

        assertProblem(answer, 401, "access-token-refused");
        eventuallyNoGrantLives();
    }

    @Test
    void tabsAndReplicasThatAskAtOnceRefreshOnceAndTheGrantLives() throws Exception {
        ISSUER.lifetime(Duration.ofSeconds(30));
        var session = token(createSession(code(), VERIFIER, ""));
        ISSUER.lifetime(Duration.ofHours(1));
        for (int round = 1; round <= 3; round++) {
            MAIL.disconnect();
            if (round > 1) {
                ISSUER.expireAccessTokens(user); // which the gateway cannot know
            }
            var gate = new CountDownLatch(1);
            ISSUER.waitFor(gate);
            var tabs = new ArrayList<Future<Integer>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    int replica = i % 2;
                    tabs.add(threads.submit(() -> mailboxes(replica, session)));
                }
                ISSUER.awaitWaiting();
                gate.countDown();
                for (var tab : tabs) {
                    assertThat(tab.get()).isEqualTo(200);
                }
            }
            assertThat(ISSUER.refreshes(user)).isEqualTo(round);
            assertThat(ISSUER.living(user)).isEqualTo(1);
        }
    }

    @Test
    void aRefreshTokenThatWasReplacedEndsTheGrantWhenItIsUsed() throws Exception {
        ISSUER.lifetime(Duration.ofSeconds(30));
        var session = token(createSession(code(), VERIFIER, ""));
        var first = ISSUER.refreshToken(user);
        MAIL.disconnect();
        assertThat(mailboxes(0, session)).isEqualTo(200);
        assertThat(ISSUER.refreshToken(user)).isNotEqualTo(first);

        var stolen =
                HttpRequest.newBuilder(URI.create(ISSUER.url("/oauth2/token")))
                        .header("Authorization", ISSUER.credentials())
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "grant_type=refresh_token&refresh_token=" + first))
                        .build();
        assertThat(http.send(stolen, BodyHandlers.ofString()).body()).contains("invalid_grant");

        MAIL.disconnect();
        var answer = http.send(get(0, "/v1/mailboxes", session), BodyHandlers.ofString());
        assertProblem(answer, 401, "sign-in-ended");
    }

    @Test
    void aLogoutRevokesTheGrant() throws Exception {
        var session = token(createSession(code(), VERIFIER, ""));
        assertThat(ISSUER.living(user)).isEqualTo(1);

        var logout = request(1, "/v1/sessions/current", session).DELETE().build();
        assertThat(http.send(logout, BodyHandlers.discarding()).statusCode()).isEqualTo(204);

        eventuallyNoGrantLives();
        assertThat(mailboxes(0, session)).isEqualTo(401);
    }

    /** As an app does that knows no more than the user's address. */
    private String code() throws IOException, InterruptedException {
        var ask =
                HttpRequest.newBuilder(Replicas.uri(REPLICAS.getFirst(), "/v1/discovery"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"email\": \"%s@example.org\"}".formatted(user)))
                        .build();
        var found = json.readTree(http.send(ask, BodyHandlers.ofString()).body());
        var client =
                found.get("signIn")
                        .valueStream()
                        .filter(way -> way.get("method").asString().equals("oauth"))
                        .map(way -> way.at("/oauth/clients/0"))
                        .findFirst()
                        .orElseThrow();
        var redirect = client.at("/redirectUris/0").asString();
        var start =
                SignInPages.authorization(
                        client.get("authorizationEndpoint").asString(),
                        Map.of(
                                "client_id", client.get("clientId").asString(),
                                "redirect_uri", redirect,
                                "scope", scopes(client)),
                        VERIFIER,
                        "state of " + user);
        var back = pages.visit(start, redirect);
        assertThat(back).containsEntry("state", "state of " + user);
        return requireNonNull(back.get("code"));
    }

    private static String scopes(JsonNode client) {
        return client.get("scopes")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.joining(" "));
    }

    private HttpResponse<String> createSession(String code, String verifier, String fields)
            throws IOException, InterruptedException {
        var body =
                """
                {%s "provider": "house", "code": "%s", "codeVerifier": "%s", "redirectUri": "%s"}
                """
                        .formatted(fields, code, verifier, SpringAuthorizationServer.REDIRECT);
        var login =
                HttpRequest.newBuilder(Replicas.uri(REPLICAS.getFirst(), "/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return http.send(login, BodyHandlers.ofString());
    }

    private String token(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json.readTree(answer.body()).get("token").asString();
    }

    private void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json.readTree(answer.body()).get("code").asString()).isEqualTo(code);
    }

    private int mailboxes(int replica, String session) throws IOException, InterruptedException {
        var request = get(replica, "/v1/mailboxes?counts=false", session);
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static HttpRequest get(int replica, String path, String session) {
        return request(replica, path, session).GET().build();
    }

    private static HttpRequest.Builder request(int replica, String path, String session) {
        return HttpRequest.newBuilder(Replicas.uri(REPLICAS.get(replica), path))
                .header("Authorization", "Bearer " + session);
    }

    private void eventuallyNoGrantLives() {
        while (ISSUER.living(user) > 0) {
            Thread.onSpinWait();
        }
    }
}
