package postern.subscription;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.shared.InMemorySharedState;
import postern.testclient.HttpApi;
import postern.testserver.AuthorizationServer;
import postern.testserver.Replicas;
import postern.testserver.TokenMailServer;
import postern.testserver.WebhookReceiver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a subscription looks with, and what becomes of it. */
@Timeout(120)
class SubscriptionCredentialsTest {

    private static final AuthorizationServer ISSUER = AuthorizationServer.start();
    private static final TokenMailServer MAIL = TokenMailServer.start(ISSUER::user);
    private static final WebhookReceiver RECEIVER = WebhookReceiver.start();
    private static final String REDIRECT = "https://app.example.org/in";
    private static ConfigurableApplicationContext gateway;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        var house = "postern.oauth.clients.house.";
        gateway =
                Replicas.start(
                        new InMemorySharedState(InstantSource.system()),
                        Map.of(
                                "postern.imap.host",
                                MAIL.host(),
                                "postern.imap.port",
                                MAIL.port(),
                                "postern.imap.security",
                                "none",
                                "postern.imap.oauth-issuer",
                                "https://issuer.example.org",
                                "postern.watch.poll",
                                "50ms",
                                "postern.subscriptions.look",
                                "100ms",
                                "postern.subscriptions.poll",
                                "100ms",
                                "postern.webhooks.permitted-hosts",
                                "127.0.0.1"),
                        Map.of(
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
                                ISSUER.url("/token"),
                                house + "revocation-endpoint",
                                ISSUER.url("/revoke"),
                                house + "internal",
                                "true"));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        RECEIVER.close();
        MAIL.close();
        ISSUER.close();
    }

    @Test
    void aGrantOutlivesALogoutForASubscriptionAndEndsWithIt() throws Exception {
        var first = signIn("anne");
        var created = subscribe(first, "anne");
        first.delete("/sessions/current").expect(204);
        assertThat(ISSUER.revoked()).noneMatch(it -> it.endsWith("of-anne"));

        var second = signIn("anne");
        assertThat(second.get("/sessions/current").json().get("subscriptions").asInt()).isOne();
        second.delete(path(created)).expect(204);

        while (ISSUER.revoked().stream().noneMatch(it -> it.endsWith("of-anne"))) {
            Thread.onSpinWait();
        }
        second.get("/mailboxes?counts=false").expect(200);
    }

    @Test
    void aLogoutThatEndsSubscriptionsEndsTheGrant() throws Exception {
        var session = signIn("bert");
        subscribe(session, "bert");

        session.delete("/sessions/current?subscriptions=end").expect(204);

        while (ISSUER.revoked().stream().noneMatch(it -> it.endsWith("of-bert"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aCredentialThatIsRefusedPausesAndAnotherOneResumes() throws Exception {
        var created = subscribe(signIn("carl"), "carl");
        ISSUER.withdraw("carl");
        MAIL.disconnect();

        var told = RECEIVER.hook("carl").next("subscription.credential-refused");
        assertThat(told.events().getFirst().get("reason").asString())
                .isEqualTo("credential-refused");

        var again = signIn("carl");
        assertThat(again.get(path(created)).json().get("pausedBecause").asString())
                .isEqualTo("credential-refused");
        var resumed = again.send("PATCH", path(created), "{\"resume\":true}").expect(200).json();
        assertThat(resumed.get("status").asString()).isEqualTo("active");
    }

    @Test
    void aSubscriptionByABareAccessTokenEndsWithIt() throws Exception {
        signIn("dora");
        var value = accessToken("dora");
        var end = Instant.now().plusSeconds(3000).truncatedTo(ChronoUnit.SECONDS);
        var imap =
                gateway.getBean(MailServers.class).named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, "dora@example.org", AccessToken.of(value, end));
        var tokens = gateway.getBean(SessionTokens.class);
        var session = new HttpApi(port(), tokens.seal(tokens.start(account)));

        var created = subscribe(session, "dora");

        assertThat(Instant.parse(created.get("expiresAt").asString())).isEqualTo(end);
    }

    /** Some servers open the mail of another user than the name beside a token says. */
    @Test
    void whatIsDeliveredToAnotherUrlIsReadWithTheCredentialThatGaveTheUrl() throws Exception {
        var created = subscribe(signIn("emil"), "emil");
        var value = accessToken("emil");
        var end = Instant.now().plusSeconds(3000).truncatedTo(ChronoUnit.SECONDS);
        var imap =
                gateway.getBean(MailServers.class).named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, "emil@example.org", AccessToken.of(value, end));
        var tokens = gateway.getBean(SessionTokens.class);
        var other = new HttpApi(port(), tokens.seal(tokens.start(account)));

        var url = RECEIVER.hook("emil-moved").url();
        other.send("PATCH", path(created), "{\"url\":\"%s\"}".formatted(url)).expect(200);

        var kept = gateway.getBean(SubscriptionStore.class).find(created.get("id").asString());
        assertThat(requireNonNull(kept).account().credential()).isEqualTo(account.credential());
        assertThat(kept.content().expiresAt()).isEqualTo(end);
    }

    private JsonNode subscribe(HttpApi api, String user) throws Exception {
        var hook = RECEIVER.hook(user);
        var created =
                api.post(
                                "/subscriptions",
                                "{'url':'%s','mailboxIds':['inbox'],'events':['message.added']}"
                                        .formatted(hook.url()))
                        .expect(201)
                        .json();
        hook.next();
        return created;
    }

    /**
     * The subscriptions of other tests sign in all the time, with the tokens of their own users.
     */
    private static String accessToken(String user) {
        return MAIL.tokens().reversed().stream()
                .filter(it -> ISSUER.user(it).filter(user::equals).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static String path(JsonNode created) {
        return "/subscriptions/" + created.get("id").asString();
    }

    private static int port() {
        return Replicas.uri(gateway, "/").getPort();
    }

    private HttpApi signIn(String user) throws IOException, InterruptedException {
        var body =
                """
                {"provider": "house", "code": "%s", "codeVerifier": "%s", "redirectUri": "%s"}
                """
                        .formatted(
                                ISSUER.code(user, REDIRECT),
                                AuthorizationServer.VERIFIER,
                                REDIRECT);
        var login =
                HttpRequest.newBuilder(Replicas.uri(gateway, "/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = http.send(login, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new HttpApi(
                port(), new JsonMapper().readTree(answer.body()).get("token").asString());
    }
}
