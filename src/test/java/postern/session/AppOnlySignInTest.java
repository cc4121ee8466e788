package postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import postern.shared.InMemorySharedState;
import postern.shared.SharedState;
import postern.testserver.Replicas;
import postern.testserver.ScriptedSmtpServer;
import postern.testserver.SpringAuthorizationServer;
import postern.testserver.TokenMailServer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sessions without the user, with the client credentials grant of Spring Authorization Server. The
 * mail server opens any mailbox with the client's token.
 */
@Timeout(180)
class AppOnlySignInTest {

    private static final SpringAuthorizationServer ISSUER = SpringAuthorizationServer.start();
    private static final TokenMailServer MAIL = TokenMailServer.start(AppOnlySignInTest::user);
    private static final ScriptedSmtpServer SMTP =
            new ScriptedSmtpServer("PIPELINING", "AUTH XOAUTH2");
    private static final SharedState STATE = new InMemorySharedState(InstantSource.system());
    private static final String BACK_OFFICE = "key-of-the-backoffice";
    private static final String WEBMAIL = "key-of-the-webmail";
    private static final String CLIENT = "postern.oauth.clients.tenant.";

    private static ConfigurableApplicationContext gateway;

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    @BeforeAll
    static void start() {
        gateway = Replicas.start(STATE, properties("example.org"));
    }

    @AfterEach
    void reset() {
        ISSUER.lifetime(Duration.ofHours(1));
        MAIL.disconnect();
        SMTP.reset();
        http.close();
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        MAIL.close();
        SMTP.close();
        ISSUER.close();
    }

    @Test
    void anAppOpensAMailboxWithoutItsUserAndTheSessionOutlivesItsAccessTokens() throws Exception {
        ISSUER.lifetime(Duration.ofSeconds(30));
        var answer = logIn(BACK_OFFICE, "tenant", "anne@example.org");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var session = text(answer, "token");

        for (int i = 0; i < 3; i++) {
            int before = (int) MAIL.tokens().stream().distinct().count();
            MAIL.disconnect();
            assertThat(mailboxes(gateway, session).statusCode()).isEqualTo(200);
            assertThat(MAIL.tokens().stream().distinct()).hasSizeGreaterThan(before);
        }
    }

    /** It would open all mailboxes of the tenant. */
    @Test
    void nobodyGetsTheAccessToken() throws Exception {
        var answer = logIn(BACK_OFFICE, "tenant", "anne@example.org");
        var session = send(gateway, "/v1/sessions/current", text(answer, "token"));

        assertThat(answer.body() + session.body())
                .doesNotContain(MAIL.tokens().getLast())
                .contains("accessTokenExpiresAt");
        var narrowed =
                http.send(
                        request("/v1/sessions/current", BACK_OFFICE)
                                .header("Authorization", "Bearer " + text(answer, "token"))
                                .header("Content-Type", "application/json")
                                .method(
                                        "PATCH",
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"accessToken\": \"another\"}"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(narrowed.statusCode()).as("a session of another kind").isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        WEBMAIL + ", tenant, anne@example.org",
        BACK_OFFICE + ", tenant, anne@example.com",
        BACK_OFFICE + ", tenant, anne@sub.example.org",
        BACK_OFFICE + ", tenant, anne@example.org.evil.example",
        BACK_OFFICE + ", tenant, anne",
        BACK_OFFICE + ", tenant, @example.org",
        BACK_OFFICE + ", tenant, boss@example.com@example.org",
        BACK_OFFICE + ", tenant, boss%example.com@example.org",
        BACK_OFFICE + ", tenant, 'boss@example.com,anne@example.org'",
        BACK_OFFICE + ", tenant, 'boss@example.com anne@example.org'",
        BACK_OFFICE + ", house, anne@example.org",
        BACK_OFFICE + ", nobody, anne@example.org",
    })
    void anotherAppUserOrProviderIsRefusedWithoutAToken(String key, String provider, String user)
            throws Exception {
        int before = MAIL.tokens().size();

        var answer = logIn(key, provider, user);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(text(answer, "code")).isEqualTo("app-not-allowed");
        assertThat(MAIL.tokens()).hasSize(before);
    }

    @Test
    void withoutAKeyThereIsNothing() throws Exception {
        var login =
                request("/v1/sessions", "")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body("tenant", "a@example.org")))
                        .build();

        assertThat(http.send(login, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"password\": \"x\"",
                "\"accessToken\": \"x\"",
                "\"code\": \"x\"",
                "\"redirectUri\": \"https://app.example.org/in\"",
                "\"actAs\": \"boss@example.com\"",
                "\"imap\": {\"host\": \"imap.example.com\", \"port\": 993, \"security\": \"tls\"}",
            })
    void nothingElseIsGivenBesideIt(String field) throws Exception {
        var answer =
                post(
                        BACK_OFFICE,
                        body("tenant", "anne@example.org").replaceFirst("\\{", "{" + field + ", "));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }

    /** A replica with another configuration stands for a restart with one. */
    @Test
    void aSessionEndsWithTheOperatorsConsent() throws Exception {
        var session = text(logIn(BACK_OFFICE, "tenant", "anne@example.org"), "token");
        try (var other = Replicas.start(STATE, properties("example.net"))) {
            var answer = mailboxes(other, session);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(text(answer, "code")).isEqualTo("sign-in-ended");
        }
        assertThat(mailboxes(gateway, session).statusCode()).isEqualTo(200);
    }

    @Test
    void anAppWithoutAKeyEndsTheStart() {
        var properties = new HashMap<>(properties("example.org"));
        properties.put(CLIENT + "app-only.apps", "nobody");

        assertThatThrownBy(() -> Replicas.start(STATE, properties))
                .hasStackTraceContaining(CLIENT + "app-only.apps: postern.app-keys has no app");
    }

    private HttpResponse<String> sendMail(String user) throws Exception {
        return sendMail(user, text(logIn(BACK_OFFICE, "tenant", user), "token"));
    }

    private HttpResponse<String> sendMail(String user, String session) throws Exception {
        return http.send(
                request("/v1/send", BACK_OFFICE)
                        .header("Authorization", "Bearer " + session)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"from\": [{\"email\": \"%s\"}], \"to\": [{\"email\": \"b@example.org\"}], \"submission\": {\"saveCopy\": \"never\"}}"
                                                .formatted(user)))
                        .build(),
                BodyHandlers.ofString());
    }

    private static List<String> logins() {
        return SMTP.commands().stream().filter(it -> it.startsWith("AUTH")).toList();
    }

    @Test
    void aTokenThatTheSubmissionServerRefusesIsReplacedOnce() throws Exception {
        var refusals = new AtomicInteger(1);
        SMTP.listening(command -> {
            if (command.startsWith("AUTH")) {
                SMTP.answers(
                        "AUTH",
                        refusals.getAndDecrement() > 0 ? "535 5.7.8 expired" : "235 2.7.0 ok");
            }
        });

        var answer = sendMail("anne@example.org");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(logins()).hasSize(2).doesNotHaveDuplicates();
        assertThat(SMTP.messages()).hasSize(1);
    }

    /** The user may not send, whatever the token. */
    @Test
    void whoIsRefusedWithAnotherTokenAsWellIsNotTriedAgainForAWhile() throws Exception {
        SMTP.answers("AUTH", "535 5.7.139 SmtpClientAuthentication is disabled");
        var session = text(logIn(BACK_OFFICE, "tenant", "anne@example.org"), "token");
        for (int i = 0; i < 3; i++) {
            var answer = sendMail("anne@example.org", session);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
            assertThat(text(answer, "code")).isEqualTo("submission-login-refused");
            assertThat(text(answer, "smtpStatus")).isEqualTo("535 5.7.139");
        }

        assertThat(logins()).hasSize(2).doesNotHaveDuplicates();
    }

    private static Map<String, String> properties(String domain) {
        var properties = new HashMap<String, String>();
        var server = "postern.servers.work.";
        properties.put(server + "host", MAIL.host());
        properties.put(server + "port", String.valueOf(MAIL.port()));
        properties.put(server + "security", "none");
        properties.put(server + "oauth-issuer", "https://issuer.example.org");
        properties.put(server + "submission.host", SMTP.host());
        properties.put(server + "submission.port", String.valueOf(SMTP.port()));
        properties.put(server + "submission.security", "none");
        // printf %s key-of-the-backoffice | sha256sum
        properties.put(
                "postern.app-keys.backoffice",
                "6a60937f011e176c6229e470cd995b4f6de2f8e88e3c9106d93628c26e3e5371");
        properties.put(
                "postern.app-keys.webmail",
                "94b1e4b0cdf1171d9902bc5a15f85491b2707a3e68e57b34e97945c77a5094a3");
        properties.put(CLIENT + "server", "work");
        properties.put(CLIENT + "client-id", SpringAuthorizationServer.APP_ONLY_CLIENT);
        properties.put(CLIENT + "client-secret", SpringAuthorizationServer.APP_ONLY_SECRET);
        properties.put(CLIENT + "token-endpoint", ISSUER.url("/oauth2/token"));
        properties.put(CLIENT + "internal", "true");
        properties.put(CLIENT + "app-only.domains", domain);
        properties.put(CLIENT + "app-only.apps", "backoffice");
        properties.put(CLIENT + "app-only.scopes", "mail");
        var house = "postern.oauth.clients.house.";
        properties.put(house + "server", "work");
        properties.put(house + "client-id", SpringAuthorizationServer.CLIENT);
        properties.put(house + "client-secret", SpringAuthorizationServer.SECRET);
        properties.put(house + "redirect-uris", SpringAuthorizationServer.REDIRECT);
        properties.put(house + "scopes", "mail");
        properties.put(house + "token-endpoint", ISSUER.url("/oauth2/token"));
        properties.put(house + "internal", "true");
        return properties;
    }

    private static Optional<String> user(String accessToken) {
        return ISSUER.user(accessToken)
                .filter(SpringAuthorizationServer.APP_ONLY_CLIENT::equals)
                .map(_ -> "anne");
    }

    private HttpResponse<String> logIn(String key, String provider, String user)
            throws IOException, InterruptedException {
        return post(key, body(provider, user));
    }

    private static String body(String provider, String user) {
        return "{\"provider\": \"%s\", \"grantType\": \"clientCredentials\", \"username\": \"%s\"}"
                .formatted(provider, user);
    }

    private HttpResponse<String> post(String key, String body)
            throws IOException, InterruptedException {
        return http.send(
                request("/v1/sessions", key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> mailboxes(ConfigurableApplicationContext where, String session)
            throws IOException, InterruptedException {
        return send(where, "/v1/mailboxes?counts=false", session);
    }

    private HttpResponse<String> send(
            ConfigurableApplicationContext where, String path, String session)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(Replicas.uri(where, path))
                        .header("Postern-Key", BACK_OFFICE)
                        .header("Authorization", "Bearer " + session)
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path, String key) {
        var request = HttpRequest.newBuilder(Replicas.uri(gateway, path));
        return key.isEmpty() ? request : request.header("Postern-Key", key);
    }

    private String text(HttpResponse<String> answer, String field) {
        return json.readTree(answer.body()).path(field).asString("none: " + answer.body());
    }
}
