package postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.testserver.AuthorizationServer.CLIENT;
import static postern.testserver.AuthorizationServer.SECRET;
import static postern.testserver.AuthorizationServer.VERIFIER;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.testserver.AuthorizationServer;
import postern.testserver.TokenMailServer;
import tools.jackson.databind.json.JsonMapper;

/** Sessions begun with the code of an authorization server, whose refresh tokens rotate. */
@SpringBootTest
@AutoConfigureMockMvc
@ExtendWith(OutputCaptureExtension.class)
@Timeout(180)
class CodeSignInTest {

    private static final AuthorizationServer ISSUER = AuthorizationServer.start();
    private static final TokenMailServer MAIL = TokenMailServer.start(ISSUER::user);
    private static final String REDIRECT = "https://app.example.org/signed-in?from=house";

    /** Within the margin before the end, so that the next connection needs another token. */
    private static final int SHORT = 30;

    private static int users;

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;
    @Autowired private SharedState state;

    private final String user = "anne" + ++users;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", MAIL::host);
        properties.add("postern.imap.port", MAIL::port);
        properties.add("postern.imap.security", () -> "none");
        properties.add("postern.imap.oauth-issuer", () -> "https://issuer.example.org");
        properties.add("postern.servers.other.host", () -> "imap.example.org");
        properties.add("postern.servers.other.domains", () -> "example.org");
        properties.add("postern.oauth.timeout", () -> "60s");
        var house = "postern.oauth.clients.house.";
        properties.add(house + "server", () -> "default");
        properties.add(house + "client-id", () -> CLIENT);
        properties.add(house + "client-secret", () -> SECRET);
        properties.add(house + "redirect-uris", () -> "https://app.example.org/," + REDIRECT);
        properties.add(house + "scopes", () -> "mail");
        properties.add(house + "token-endpoint", () -> ISSUER.url("/token"));
        properties.add(house + "revocation-endpoint", () -> ISSUER.url("/revoke"));
        properties.add(house + "internal", () -> "true");
        var tenant = "postern.oauth.clients.tenant.";
        properties.add(tenant + "server", () -> "default");
        properties.add(tenant + "client-id", () -> "another");
        properties.add(tenant + "client-secret", () -> "another");
        properties.add(tenant + "redirect-uris", () -> REDIRECT);
        properties.add(tenant + "scopes", () -> "mail");
        properties.add(tenant + "token-endpoint", () -> ISSUER.url("/token"));
        properties.add(tenant + "internal", () -> "true");
    }

    @AfterEach
    void reset() {
        var pause = state.get(SharedArea.PAUSED_CLIENTS, "house");
        state.compareAndSet(SharedArea.PAUSED_CLIENTS, "house", pause, null, Duration.ZERO);
        ISSUER.lifetime(3600).refreshable(true).waitFor(new CountDownLatch(0));
        MAIL.disconnect();
    }

    @Test
    void aCodeBeginsASessionOfTheUserWhomTheProviderNames() {
        var answer = signIn();

        assertThat(answer).hasStatus(201);
        assertThat(answer)
                .bodyJson()
                .hasPathSatisfying("$.account.username", it -> it.assertThat().isEqualTo(address()))
                .hasPathSatisfying("$.durable", it -> it.assertThat().isEqualTo(false));
        assertThat(mailboxes(answer)).hasStatusOk();
        var session = current(answer);
        assertThat(session).hasStatusOk();
        assertThat(session)
                .bodyJson()
                .hasPathSatisfying("$.durable", it -> it.assertThat().isEqualTo(false))
                .hasPathSatisfying(
                        "$.accessTokenExpiresAt",
                        it ->
                                it.assertThat()
                                        .asString()
                                        .satisfies(end ->
                                                assertThat(Instant.parse(end))
                                                        .isAfter(Instant.now())));
    }

    @Test
    void aUserNameOfTheRequestIsTriedInsteadAndTheMailServerDecides() {
        var body = login(ISSUER.code(user, REDIRECT), VERIFIER, REDIRECT);

        var others = post(body.replace("{", "{\"username\": \"bert@example.org\","));

        assertThat(others).hasStatus(401);
        assertThat(text(others, "code")).isEqualTo("access-token-refused");
        eventually(() -> ISSUER.revoked().stream().anyMatch(it -> it.endsWith("-of-" + user)));
    }

    @Test
    void aCodeServesOnceAndItsReplayEndsTheGrant() {
        ISSUER.lifetime(SHORT);
        var code = ISSUER.code(user, REDIRECT);
        var first = post(login(code, VERIFIER, REDIRECT));
        assertThat(first).hasStatus(201);

        var second = post(login(code, VERIFIER, REDIRECT));

        assertThat(second).hasStatus(401);
        assertThat(text(second, "code")).isEqualTo("authentication-failed");
        MAIL.disconnect();
        assertThat(text(mailboxes(first), "code")).isEqualTo("sign-in-ended");
    }

    @Test
    void aWrongVerifierIsRefusedByTheAuthorizationServer() {
        var answer = post(login(ISSUER.code(user, REDIRECT), "w".repeat(43), REDIRECT));

        assertThat(answer).hasStatus(401);
        assertThat(text(answer, "code")).isEqualTo("authentication-failed");
        assertThat(MAIL.tokens()).noneMatch(it -> it.endsWith("-of-" + user));
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.org/signed-in",
        "https://app.example.org/signed-in?from=house#x",
        "https://app.example.org/signed-in?from=house&x=y",
        "https://app.example.org//",
        "https://APP.example.org/",
        "https://app.example.org",
        "http://app.example.org/"
    })
    void anotherRedirectUriSendsNothing(String uri) {
        int before = ISSUER.requests().size();

        assertBad(post(login(ISSUER.code(user, uri), VERIFIER, uri)), "/redirectUri");

        assertThat(ISSUER.requests()).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'provider':'nobody','code':'c','codeVerifier':<V>,'redirectUri':<R> | /provider",
                "'provider':'house','codeVerifier':<V>,'redirectUri':<R> | /code",
                "'provider':'house','code':'c','redirectUri':<R> | /codeVerifier",
                "'provider':'house','code':'c','codeVerifier':'short','redirectUri':<R> | /codeVerifier",
                "'provider':'house','code':'c','codeVerifier':<V> | /redirectUri",
                "'provider':'house','code':'c','codeVerifier':<V>,'redirectUri':<R>,'password':'p' |"
                        + " /password",
                "'provider':'house','code':'c','codeVerifier':<V>,'redirectUri':<R>,'accessToken':'p' |"
                        + " /accessToken",
                "'provider':'house','code':'a\\nb','codeVerifier':<V>,'redirectUri':<R> | /code",
                "'provider':'house','code':'c','codeVerifier':<V>,'redirectUri':<R>,'server':'other' |"
                        + " /server",
                "'username':'a','code':'c' | /code",
                "'username':'a','password':'p','codeVerifier':<V> | /codeVerifier",
                "'username':'a','password':'p','redirectUri':<R> | /redirectUri",
                "'password':'p' | /username"
            })
    void aBadLoginSaysWhatIsBadAndSendsNothing(String fields, String pointer) {
        int before = ISSUER.requests().size();
        var body =
                fields.replace("<V>", "'" + VERIFIER + "'")
                        .replace("<R>", "'" + REDIRECT + "'")
                        .replace('\'', '"');

        assertBad(post("{%s}".formatted(body)), pointer);

        assertThat(ISSUER.requests()).hasSize(before);
    }

    @Test
    void aTokenThatEndsSoonIsRefreshedBeforeAConnectionIsOpened() {
        ISSUER.lifetime(SHORT);
        var session = signIn();
        assertThat(mailboxes(session)).hasStatusOk();
        assertThat(ISSUER.refreshes(user)).as("the open connection serves").isZero();
        var before = text(current(session), "accessTokenExpiresAt");
        ISSUER.lifetime(3600);
        MAIL.disconnect();

        assertThat(mailboxes(session)).hasStatusOk();

        assertThat(ISSUER.refreshes(user)).isEqualTo(1);
        assertThat(Instant.parse(text(current(session), "accessTokenExpiresAt")))
                .isAfter(Instant.parse(before));
        MAIL.disconnect();
        assertThat(mailboxes(session)).hasStatusOk();
        assertThat(ISSUER.refreshes(user)).isEqualTo(1);
    }

    @Test
    void tabsThatAskAtOnceRefreshOnce() throws Exception {
        ISSUER.lifetime(SHORT);
        var session = signIn();
        ISSUER.lifetime(3600);
        var gate = new CountDownLatch(1);
        ISSUER.waitFor(gate);
        MAIL.disconnect();
        var tabs = new ArrayList<Future<MvcTestResult>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                tabs.add(threads.submit(() -> mailboxes(session)));
            }
            eventually(() -> ISSUER.refreshes(user) > 0);
            gate.countDown();
            for (var tab : tabs) {
                assertThat(tab.get()).hasStatusOk();
            }
        }

        assertThat(ISSUER.refreshes(user)).isEqualTo(1);
        assertThat(ISSUER.lives(user)).isTrue();
    }

    @Test
    void aRefusedTokenIsRefreshedOnceAndThenTheSessionIsRefused() {
        var session = signIn();
        ISSUER.end(lastToken());
        MAIL.disconnect();
        assertThat(mailboxes(session)).hasStatusOk();
        assertThat(ISSUER.refreshes(user)).isEqualTo(1);

        // from now on the mail server refuses whatever the provider issues
        MAIL.disconnect();
        ISSUER.end(lastToken());
        ISSUER.plan(200, null, "{\"access_token\": \"other\", \"token_type\": \"Bearer\"}");
        int sent = MAIL.tokens().size();
        for (int i = 0; i < 3; i++) {
            var refused = mailboxes(session);
            assertThat(refused).hasStatus(401);
            assertThat(text(refused, "code")).isEqualTo("access-token-refused");
        }
        assertThat(MAIL.tokens()).hasSize(sent + 2);
    }

    @Test
    void aRefusedTokenIsNotSentAgainWhileThereIsNoOther() {
        var session = signIn();
        ISSUER.end(lastToken());
        MAIL.disconnect();
        int sent = MAIL.tokens().size();
        ISSUER.plan(503, "1", "").plan(503, "1", "").plan(503, "1", "");

        var answers = new ArrayList<String>();
        eventually(() -> {
            answers.add(text(mailboxes(session), "code"));
            return ISSUER.refreshes(user) == 3;
        });

        assertThat(answers).containsOnly("sign-in-unavailable");
        assertThat(MAIL.tokens()).as("one refused login").hasSize(sent + 1);
        eventually(() -> mailboxes(session).getResponse().getStatus() == 200);
        assertThat(MAIL.tokens()).hasSize(sent + 2);
    }

    @Test
    void aTokenThatComesAgainThoughItIsRefusedIsNotSentAgain() {
        var session = signIn();
        var token = lastToken();
        ISSUER.end(token);
        MAIL.disconnect();
        int sent = MAIL.tokens().size();
        var same = "{\"access_token\": \"%s\", \"token_type\": \"Bearer\"}".formatted(token);
        ISSUER.plan(200, null, same);

        for (int i = 0; i < 3; i++) {
            assertThat(text(mailboxes(session), "code")).isEqualTo("access-token-refused");
        }

        assertThat(MAIL.tokens()).hasSize(sent + 1);
        assertThat(ISSUER.refreshes(user)).isEqualTo(1);
    }

    @Test
    void aGrantThatTheProviderHasEndedIsForgotten() {
        ISSUER.lifetime(SHORT);
        var session = signIn();
        ISSUER.withdraw(user);
        MAIL.disconnect();

        for (int i = 0; i < 2; i++) {
            var answer = mailboxes(session);
            assertThat(answer).hasStatus(401);
            assertThat(text(answer, "code")).isEqualTo("sign-in-ended");
        }

        assertThat(ISSUER.refreshes(user)).isEqualTo(1);
        assertThat(text(current(session), "code")).isEqualTo("sign-in-ended");
    }

    @Test
    void withoutARefreshTokenTheSignInEndsWithTheAccessToken() {
        ISSUER.lifetime(SHORT).refreshable(false);
        var session = signIn();
        assertThat(session).hasStatus(201);
        MAIL.disconnect();

        assertThat(text(mailboxes(session), "code")).isEqualTo("sign-in-ended");
    }

    @Test
    void anAuthorizationServerThatIsBusyIsNotAskedBeforeItSays() {
        ISSUER.lifetime(1);
        var session = signIn();
        ISSUER.plan(429, "120", "slow down");
        MAIL.disconnect();
        eventually(() -> {
            MAIL.disconnect();
            return mailboxes(session).getResponse().getStatus() == 503;
        });
        int asked = ISSUER.requests().size();

        var answer = mailboxes(session);

        assertThat(answer).hasStatus(503);
        assertThat(answer)
                .bodyJson()
                .hasPathSatisfying("$.code", it -> it.assertThat().isEqualTo("sign-in-unavailable"))
                .hasPathSatisfying("$.retryable", it -> it.assertThat().isEqualTo(true));
        assertThat(Integer.parseInt(answer.getResponse().getHeader(HttpHeaders.RETRY_AFTER)))
                .isBetween(60, 120);
        assertThat(ISSUER.requests()).hasSize(asked);
        assertThat(ISSUER.lives(user)).isTrue();
    }

    @Test
    void aClientThatIsRefusedIsTheOperatorsConcern(CapturedOutput log) {
        var body = login(ISSUER.code(user, REDIRECT), VERIFIER, REDIRECT);

        var answer = post(body.replace("\"house\"", "\"tenant\""));

        assertThat(answer).hasStatus(502);
        assertThat(text(answer, "detail")).endsWith("(invalid_client)");
        assertThat(log).contains("client=tenant status=401 error=invalid_client");
    }

    @Test
    void aLogoutForgetsTheGrantAndRevokesIt() {
        var session = signIn();

        assertThat(
                        http.delete()
                                .uri("/v1/sessions/current")
                                .header(HttpHeaders.AUTHORIZATION, bearer(session))
                                .exchange())
                .hasStatus(204);

        assertThat(text(mailboxes(session), "code")).isEqualTo("session-revoked");
        eventually(() -> ISSUER.revoked().stream().anyMatch(it -> it.endsWith("-of-" + user)));
    }

    @Test
    void noSecretIsLoggedOrShown(CapturedOutput log) {
        ISSUER.lifetime(SHORT);
        var session = signIn();
        MAIL.disconnect();
        mailboxes(session);
        post(login("code-0", VERIFIER, REDIRECT));

        assertThat(log)
                .doesNotContain(VERIFIER, SECRET, "code-", "access-", "refresh-", user + "@");
        assertThat(session).bodyText().doesNotContain("access-", "refresh-");
    }

    private MvcTestResult signIn() {
        return post(login(ISSUER.code(user, REDIRECT), VERIFIER, REDIRECT));
    }

    private static String login(String code, String verifier, String redirect) {
        return """
        {"provider": "house", "code": "%s", "codeVerifier": "%s", "redirectUri": "%s"}
        """
                .formatted(code, verifier, redirect);
    }

    private String address() {
        return user + "@example.org";
    }

    private String lastToken() {
        return MAIL.tokens().getLast();
    }

    private static void assertBad(MvcTestResult answer, String pointer) {
        assertThat(answer).hasStatus(400);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors[*].pointer")
                .isEqualTo(List.of(pointer));
    }

    private MvcTestResult post(String body) {
        return http.post()
                .uri("/v1/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult mailboxes(MvcTestResult session) {
        return get("/v1/mailboxes?counts=false", session);
    }

    private MvcTestResult current(MvcTestResult session) {
        return get("/v1/sessions/current", session);
    }

    private MvcTestResult get(String path, MvcTestResult session) {
        return http.get().uri(path).header(HttpHeaders.AUTHORIZATION, bearer(session)).exchange();
    }

    private String bearer(MvcTestResult session) {
        return "Bearer " + text(session, "token");
    }

    private String text(MvcTestResult answer, String field) {
        return json.readTree(answer.getResponse().getContentAsByteArray()).get(field).asString();
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
