package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** Which of several mail servers a caller is logged in to. The second one is not reachable. */
@OnGreenMail
@TestPropertySource(
        properties = {
            "postern.servers.away.host=127.0.0.1",
            "postern.servers.away.port=1",
            "postern.servers.away.security=none",
            "postern.servers.away.domains=away.example",
            "postern.presets=posteo"
        })
class ServerChoiceTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;

    private final String user = SERVER.newUser();

    @Test
    void aNamedServerIsTheOneThatIsAsked() {
        assertThat(logIn(user, "default")).hasStatus(201);
        assertThat(logIn(user, "away")).hasStatus(502);
    }

    @Test
    void withoutANameTheDomainOfTheUserNameDecides() {
        assertThat(logIn("anne@away.example", null)).hasStatus(502);
        assertThat(logIn("anne@elsewhere.example", null)).hasStatus(401);
        assertThat(session("anne@away.example")).hasStatus(502);
        assertThat(session("anne@elsewhere.example")).hasStatus(401);
    }

    @Test
    void anUnknownServerIsABadFieldAndTheKnownOnesAreNamed() {
        var answer = logIn(user, "evil.example:993");

        assertThat(answer).hasStatus(400);
        assertThat(answer)
                .bodyJson()
                .hasPathSatisfying(
                        "$.errors[0].pointer", it -> it.assertThat().isEqualTo("/server"))
                .hasPathSatisfying(
                        "$.errors[0].detail",
                        it -> it.assertThat().isEqualTo("must be one of away, default, posteo"));
    }

    @Test
    void aPresetThatTheOperatorHasNotAllowedIsRefused() {
        assertThat(logIn(user, "gmail"))
                .hasStatus(403)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("server-not-allowed");
    }

    /** The free choice is off, also for an address that the gateway connects to. */
    @Test
    void aHostIsNotTakenUnlessTheOperatorSaysSo() {
        var answer =
                http.post()
                        .uri("/v1/sessions")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(
                                """
                                {"username": "anne", "password": "x", "imap":
                                 {"host": "posteo.de", "port": 993, "security": "tls"}}
                                """)
                        .exchange();

        assertThat(answer)
                .hasStatus(403)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("server-not-allowed");
    }

    private MvcTestResult logIn(String username, @Nullable String server) {
        var field = server == null ? "" : ", \"server\": \"%s\"".formatted(server);
        return http.post()
                .uri("/v1/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .content(
                        "{\"username\": \"%s\", \"password\": \"%s\"%s}"
                                .formatted(username, SERVER.password(), field))
                .exchange();
    }

    private MvcTestResult session(String username) {
        var pair = "%s:%s".formatted(username, SERVER.password()).getBytes(StandardCharsets.UTF_8);
        return http.get()
                .uri("/v1/sessions/current")
                .header(
                        HttpHeaders.AUTHORIZATION,
                        "Basic " + Base64.getEncoder().encodeToString(pair))
                .exchange();
    }
}
