package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.json.JsonMapper;

@OnGreenMail
@ExtendWith(OutputCaptureExtension.class)
class SessionsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;

    private final String user = SERVER.newUser();

    @Test
    void whoLogsInGetsATokenThatStandsForThePassword() {
        var answer = logIn(user, SERVER.password());

        assertThat(answer).hasStatus(201).hasHeader(HttpHeaders.LOCATION, "/v1/sessions/current");
        assertThat(answer)
                .bodyJson()
                .hasPath("$.expiresAt")
                .hasPathSatisfying("$.account.username", it -> it.assertThat().isEqualTo(user))
                .hasPathSatisfying(
                        "$.account.server.port", it -> it.assertThat().isEqualTo(SERVER.port()))
                .hasPathSatisfying(
                        "$.account.server.security", it -> it.assertThat().isEqualTo("none"));
        assertThat(account("Bearer " + token(answer))).hasStatusOk();
    }

    @Test
    void aWrongPasswordGetsNoTokenAndNoDialogOfTheBrowser(CapturedOutput log) {
        var answer = logIn(user, "wrong-" + user);

        assertThat(answer)
                .hasStatus(401)
                .hasHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"postern\"");
        assertThat(code(answer)).isEqualTo("authentication-failed");
        assertThat(log).doesNotContain("wrong-" + user);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"username\":\"\",\"password\":\"x\"} | /username",
                "{\"username\":\"a\\r\\nb\",\"password\":\"x\"} | /username",
                "{\"username\":\"a\",\"password\":\"x\\u0000\"} | /password",
                "{\"username\":\"a\"} | /password",
                "{\"username\":\"a\",\"password\":\"x\",\"remember\":true} | /remember"
            })
    void aBadLoginSaysWhatIsBad(String body, String pointer) {
        var answer = post(body);

        assertThat(answer).hasStatus(400);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors[*].pointer")
                .isEqualTo(List.of(pointer));
    }

    @Test
    void theSessionSaysWhoIsAskingAndHowLong() {
        var login = logIn(user, SERVER.password());
        var session = session("Bearer " + token(login));

        assertThat(session).hasStatusOk();
        assertThat(session)
                .bodyJson()
                .extractingPath("$.expiresAt")
                .isEqualTo(json.readTree(body(login)).get("expiresAt").asString());
    }

    @Test
    void aPasswordIsTriedAndHasNoExpiry() {
        assertThat(session(basic(user, SERVER.password())))
                .hasStatusOk()
                .bodyJson()
                .doesNotHavePath("$.expiresAt");
        assertThat(session(basic(user, "wrong"))).hasStatus(401);
    }

    @Test
    void anEndedSessionIsOver() {
        var bearer = "Bearer " + token(logIn(user, SERVER.password()));
        var other = "Bearer " + token(logIn(user, SERVER.password()));

        var end =
                http.delete()
                        .uri("/v1/sessions/current")
                        .header(HttpHeaders.AUTHORIZATION, bearer)
                        .exchange();

        assertThat(end).hasStatus(204).bodyText().isEmpty();
        assertThat(code(account(bearer))).isEqualTo("session-revoked");
        assertThat(account(other)).hasStatusOk();
    }

    @Test
    void theAccountSaysWhatItsServerOffers() {
        var answer = account(basic(user, SERVER.password()));

        assertThat(answer)
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("$.username", it -> it.assertThat().isEqualTo(user))
                .hasPathSatisfying("$.features.uidPlus", it -> it.assertThat().isEqualTo("native"))
                .hasPathSatisfying(
                        "$.features.condStore", it -> it.assertThat().isEqualTo("unavailable"))
                .hasPathSatisfying(
                        "$.features.listStatus", it -> it.assertThat().isEqualTo("emulated"))
                .hasPath("$.serverId")
                .hasPath("$.namespaces.personal[0].prefix");
        var capabilities = json.readTree(body(answer)).get("capabilities");
        assertThat(capabilities)
                .extracting(it -> it.asString())
                .contains("IMAP4REV1", "UIDPLUS")
                .isSorted();
    }

    private MvcTestResult logIn(String username, String password) {
        return post(
                """
                {"username": "%s", "password": "%s"}\
                """
                        .formatted(username, password));
    }

    private MvcTestResult post(String body) {
        return http.post()
                .uri("/v1/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult session(String authorization) {
        return get("/v1/sessions/current", authorization);
    }

    private MvcTestResult account(String authorization) {
        return get("/v1/account", authorization);
    }

    private MvcTestResult get(String path, String authorization) {
        return http.get().uri(path).header(HttpHeaders.AUTHORIZATION, authorization).exchange();
    }

    private String token(MvcTestResult login) {
        return json.readTree(body(login)).get("token").asString();
    }

    private String code(MvcTestResult problem) {
        return json.readTree(body(problem)).get("code").asString();
    }

    private static byte[] body(MvcTestResult answer) {
        return answer.getResponse().getContentAsByteArray();
    }

    private static String basic(String username, String password) {
        var pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
