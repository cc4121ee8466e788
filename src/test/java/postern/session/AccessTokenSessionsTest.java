package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
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
import postern.testserver.ScriptedImapServer;
import tools.jackson.databind.json.JsonMapper;

/** Sessions begun with an access token, on a server that is tied to its issuer. */
@SpringBootTest
@AutoConfigureMockMvc
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class AccessTokenSessionsTest {

    private static final ScriptedImapServer SERVER = ScriptedImapServer.start();
    private static final String REFUSAL = "{\"status\":\"invalid_token\"}";
    private static int users;

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;

    private final String user = "anne" + ++users;

    @DynamicPropertySource
    static void theScriptedServer(DynamicPropertyRegistry properties) {
        SERVER.capabilities("IMAP4rev1", "SASL-IR", "AUTH=PLAIN", "AUTH=XOAUTH2");
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
        properties.add("postern.imap.oauth-issuer", () -> "https://issuer.example.org");
    }

    @AfterEach
    void theScriptIsDone() {
        SERVER.verify();
    }

    @Test
    void whoLogsInWithAnAccessTokenGetsASessionThatSaysWhenThatEnds() {
        var end = inMinutes(30);
        expectLogin(user, token(1));

        var answer =
                post(
                        "{\"username\":\"%s\",\"accessToken\":\"%s\",\"accessTokenExpiresAt\":\"%s\"}"
                                .formatted(user, token(1), end));

        assertThat(answer).hasStatus(201);
        assertThat(answer)
                .bodyJson()
                .hasPathSatisfying(
                        "$.accessTokenExpiresAt", it -> it.assertThat().isEqualTo(end.toString()))
                .hasPathSatisfying("$.account.username", it -> it.assertThat().isEqualTo(user))
                .doesNotHavePath("$.account.actAs");
        var session = get("/v1/sessions/current", session(answer));
        assertThat(session).hasStatusOk();
        assertThat(session)
                .bodyJson()
                .extractingPath("$.accessTokenExpiresAt")
                .isEqualTo(end.toString());
        assertThat(mailboxes(session(answer))).hasStatusOk();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'password':'x','accessToken':'y' | /accessToken",
                "'accessToken':'' | /accessToken",
                "'accessToken':'a b' | /accessToken",
                "'accessToken':'a\\r\\nb' | /accessToken",
                "'accessToken':'y','accessTokenExpiresAt':'yesterday' | /accessTokenExpiresAt",
                "'accessToken':'y','accessTokenExpiresAt':'2020-01-01T00:00:00Z' |"
                        + " /accessTokenExpiresAt",
                "'password':'x','accessTokenExpiresAt':'2099-01-01T00:00:00Z' |"
                        + " /accessTokenExpiresAt",
                "'password':'x','actAs':'' | /actAs",
                "'password':'x','actAs':'a\\u0000b' | /actAs"
            })
    void aBadLoginSaysWhatIsBad(String fields, String pointer) {
        assertBad(post("{\"username\":\"a\",%s}".formatted(fields.replace('\'', '"'))), pointer);
    }

    @Test
    void aTokenBeyondTheBoundIsRefused() {
        assertBad(logIn("a".repeat(8_001)), "/accessToken");
    }

    @Test
    void aRefusedTokenIsA401ThatTellsTheStatusAndNothingElse(CapturedOutput log) {
        SERVER.expect("AUTHENTICATE XOAUTH2 " + xoauth2(user, token(1)))
                .reply("+ " + base64(REFUSAL));
        SERVER.expect("").reply("NO [AUTHENTICATIONFAILED] token of " + user + " is no good");

        var first = logIn(token(1));
        var second = logIn(token(1));

        for (var answer : List.of(first, second)) {
            assertThat(answer)
                    .hasStatus(401)
                    .hasHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"postern\"");
            assertThat(answer)
                    .bodyJson()
                    .hasPathSatisfying(
                            "$.code", it -> it.assertThat().isEqualTo("access-token-refused"))
                    .hasPathSatisfying(
                            "$.detail",
                            it ->
                                    it.assertThat()
                                            .isEqualTo(
                                                    "the mail server does not accept this access"
                                                            + " token (invalid_token)"));
            assertThat(answer).bodyText().doesNotContain(user, token(1));
        }
        assertThat(log).doesNotContain(token(1), user);
    }

    @Test
    void anAccessTokenIsNoSessionTokenAndNoPassword() {
        assertThat(get("/v1/account", "Bearer " + token(1))).hasStatus(401);
        SERVER.expectMatching("LOGIN .*").reply("NO wrong password");
        assertThat(get("/v1/account", "Basic " + base64(user + ":" + token(1)))).hasStatus(401);
    }

    @Test
    void anAccessTokenOfGreatLengthFitsIntoASession() {
        var token = "a".repeat(8_000);
        SERVER.expectMatching("AUTHENTICATE XOAUTH2 .{10000,}").reply("OK");

        var answer = logIn(token);

        assertThat(answer).hasStatus(201);
        assertThat(session(answer).length()).isLessThan(14_000);
    }

    @Test
    void aRefreshedSessionIsTheSameSession() {
        expectLogin(user, token(1));
        var login = logIn(token(1));
        var end = inMinutes(60);
        expectLogin(user, token(2));

        var refreshed =
                patch(
                        session(login),
                        "{\"accessToken\":\"%s\",\"accessTokenExpiresAt\":\"%s\"}"
                                .formatted(token(2), end));

        assertThat(refreshed).hasStatusOk();
        assertThat(refreshed)
                .bodyJson()
                .hasPathSatisfying(
                        "$.expiresAt", it -> it.assertThat().isEqualTo(text(login, "expiresAt")))
                .hasPathSatisfying(
                        "$.accessTokenExpiresAt", it -> it.assertThat().isEqualTo(end.toString()));
        assertThat(mailboxes(session(login))).hasStatusOk();
        assertThat(mailboxes(session(refreshed))).hasStatusOk();

        end(session(refreshed));

        assertThat(text(get("/v1/account", session(login)), "code")).isEqualTo("session-revoked");
        assertThat(text(get("/v1/account", session(refreshed)), "code"))
                .isEqualTo("session-revoked");
    }

    @Test
    void aTokenOfAnotherAccountRefreshesNothing() {
        expectLogin(user, token(1));
        var login = logIn(token(1));
        SERVER.expect("AUTHENTICATE XOAUTH2 " + xoauth2(user, token(2)))
                .reply("+ " + base64(REFUSAL));
        SERVER.expect("").reply("NO [AUTHENTICATIONFAILED] not yours");

        var answer = patch(session(login), "{\"accessToken\":\"%s\"}".formatted(token(2)));

        assertThat(answer).hasStatus(401);
        assertThat(text(answer, "code")).isEqualTo("access-token-refused");
        assertThat(mailboxes(session(login))).hasStatusOk();
    }

    @Test
    void aPasswordIsNotRefreshed() {
        var login = post("{\"username\":\"%s\",\"password\":\"x\"}".formatted(user));

        assertBad(patch(session(login), "{\"accessToken\":\"y\"}"), "/accessToken");
        assertBad(patch("Basic " + base64(user + ":x"), "{\"accessToken\":\"y\"}"), "/accessToken");
        assertBad(patch(session(login), "{}"), "/accessToken");
    }

    @Test
    void whoActsForAnotherReadsTheOthersMail() {
        SERVER.expect("AUTHENTICATE PLAIN " + base64("support\0" + user + "\0secret")).reply("OK");

        var answer =
                post(
                        "{\"username\":\"%s\",\"password\":\"secret\",\"actAs\":\"support\"}"
                                .formatted(user));

        assertThat(answer).hasStatus(201);
        assertThat(answer)
                .bodyJson()
                .hasPathSatisfying("$.account.username", it -> it.assertThat().isEqualTo(user))
                .hasPathSatisfying("$.account.actAs", it -> it.assertThat().isEqualTo("support"));
        expectLists();
        assertThat(get("/v1/account", session(answer)))
                .bodyJson()
                .hasPathSatisfying("$.username", it -> it.assertThat().isEqualTo(user))
                .hasPathSatisfying("$.actAs", it -> it.assertThat().isEqualTo("support"));
    }

    @Test
    void anAccessTokenActsForAnotherByTheUserItIsSentWith() {
        expectLogin("support", token(1));

        var answer =
                post(
                        "{\"username\":\"%s\",\"accessToken\":\"%s\",\"actAs\":\"support\"}"
                                .formatted(user, token(1)));

        assertThat(answer).hasStatus(201);
    }

    private void expectLogin(String name, String token) {
        SERVER.expect("AUTHENTICATE XOAUTH2 " + xoauth2(name, token)).reply("OK welcome");
    }

    private String token(int number) {
        return "token-of-" + user + "-" + number;
    }

    private static String xoauth2(String user, String token) {
        return base64("user=%s\1auth=Bearer %s\1\1".formatted(user, token));
    }

    private static Instant inMinutes(int minutes) {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(minutes, ChronoUnit.MINUTES);
    }

    private static void assertBad(MvcTestResult answer, String pointer) {
        assertThat(answer).hasStatus(400);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors[*].pointer")
                .isEqualTo(List.of(pointer));
    }

    private MvcTestResult logIn(String token) {
        return post("{\"username\":\"%s\",\"accessToken\":\"%s\"}".formatted(user, token));
    }

    private MvcTestResult post(String body) {
        return http.post()
                .uri("/v1/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult patch(String authorization, String body) {
        return http.patch()
                .uri("/v1/sessions/current")
                .header(HttpHeaders.AUTHORIZATION, authorization)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private void end(String authorization) {
        assertThat(
                        http.delete()
                                .uri("/v1/sessions/current")
                                .header(HttpHeaders.AUTHORIZATION, authorization)
                                .exchange())
                .hasStatus(204);
    }

    private MvcTestResult mailboxes(String authorization) {
        expectLists();
        return get("/v1/mailboxes?counts=false", authorization);
    }

    private static void expectLists() {
        SERVER.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" INBOX", "OK");
        SERVER.expect("LSUB \"\" \"*\"").reply("* LSUB () \"/\" INBOX", "OK");
    }

    private MvcTestResult get(String path, String authorization) {
        return http.get().uri(path).header(HttpHeaders.AUTHORIZATION, authorization).exchange();
    }

    private String session(MvcTestResult answer) {
        return "Bearer " + text(answer, "token");
    }

    private String text(MvcTestResult answer, String field) {
        return json.readTree(answer.getResponse().getContentAsByteArray()).get(field).asString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
