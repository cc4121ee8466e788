package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import postern.shared.InMemorySharedState;
import postern.shared.SharedState;
import postern.testserver.AuthorizationServer;
import postern.testserver.Replicas;
import postern.testserver.TokenMailServer;
import tools.jackson.databind.json.JsonMapper;

/** Two gateways with the same keys and the same shared state. */
@Timeout(120)
class SignInOnReplicasTest {

    private static final AuthorizationServer ISSUER = AuthorizationServer.start();
    private static final TokenMailServer MAIL = TokenMailServer.start(ISSUER::user);
    private static final SharedState STATE = new InMemorySharedState(InstantSource.system());
    private static final String REDIRECT = "https://app.example.org/in";
    private static final List<ConfigurableApplicationContext> REPLICAS = new ArrayList<>();

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    @BeforeAll
    static void startTwo() {
        REPLICAS.add(replica());
        REPLICAS.add(replica());
    }

    @AfterAll
    static void stop() throws IOException {
        REPLICAS.forEach(ConfigurableApplicationContext::close);
        MAIL.close();
        ISSUER.close();
    }

    @Test
    void replicasThatNeedATokenAtOnceRefreshOnceAndTheGrantLives() throws Exception {
        ISSUER.lifetime(30);
        var session = signIn("anne");
        ISSUER.lifetime(3600);
        MAIL.disconnect();
        var gate = new CountDownLatch(1);
        ISSUER.waitFor(gate);
        var answers = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                int replica = i % 2;
                answers.add(threads.submit(() -> mailboxes(replica, session)));
            }
            while (ISSUER.refreshes("anne") == 0) {
                Thread.onSpinWait();
            }
            gate.countDown();
            for (var answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }

        assertThat(ISSUER.refreshes("anne")).isEqualTo(1);
        assertThat(ISSUER.lives("anne")).isTrue();
    }

    @Test
    void aLogoutAtOneReplicaIsOneAtTheOther() throws Exception {
        var session = signIn("bert");
        assertThat(mailboxes(1, session)).isEqualTo(200);

        var logout = request(0, "/v1/sessions/current", session).DELETE().build();
        assertThat(http.send(logout, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(204);

        assertThat(mailboxes(1, session)).isEqualTo(401);
    }

    private String signIn(String user) throws IOException, InterruptedException {
        var body =
                """
                {"provider": "house", "code": "%s", "codeVerifier": "%s", "redirectUri": "%s"}
                """
                        .formatted(
                                ISSUER.code(user, REDIRECT),
                                AuthorizationServer.VERIFIER,
                                REDIRECT);
        var login =
                HttpRequest.newBuilder(uri(0, "/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = http.send(login, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json.readTree(answer.body()).get("token").asString();
    }

    private int mailboxes(int replica, String session) throws IOException, InterruptedException {
        var request = request(replica, "/v1/mailboxes?counts=false", session).GET().build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static HttpRequest.Builder request(int replica, String path, String session) {
        return HttpRequest.newBuilder(uri(replica, path))
                .header("Authorization", "Bearer " + session);
    }

    private static URI uri(int replica, String path) {
        return Replicas.uri(REPLICAS.get(replica), path);
    }

    private static ConfigurableApplicationContext replica() {
        var house = "postern.oauth.clients.house.";
        return Replicas.start(
                STATE,
                Map.of(
                        "postern.imap.host",
                        MAIL.host(),
                        "postern.imap.port",
                        MAIL.port(),
                        "postern.imap.security",
                        "none",
                        "postern.imap.oauth-issuer",
                        "https://issuer.example.org",
                        house + "server",
                        "default",
                        house + "client-id",
                        AuthorizationServer.CLIENT,
                        house + "client-secret",
                        AuthorizationServer.SECRET,
                        house + "redirect-uris",
                        REDIRECT,
                        house + "scopes",
                        "mail",
                        house + "token-endpoint",
                        ISSUER.url("/token")),
                Map.of(house + "internal", "true"));
    }
}
