package postern.web.limit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** Nobody guesses passwords through the gateway, or has a mail server lock somebody out. */
@OnGreenMail
@TestPropertySource(
        properties = {
            "postern.login.max-failures-per-account=6",
            "postern.login.max-failures-per-client=8",
            "postern.login.window=10h",
            "postern.login.refusal-time=10ms",
        })
class PasswordGuessesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;
    private final String user = SERVER.newUser();

    @Test
    void halfOfTheGuessesOfAnAccountMayComeFromOneClient() {
        for (int i = 0; i < 3; i++) {
            assertThat(logIn(user, "wrong" + i, "192.0.2.1")).hasStatus(401);
        }

        assertRefused(logIn(user, "wrong", "192.0.2.1"));
        assertRefused(ask(user, "wrong", "192.0.2.1"));
        assertThat(logIn(user, SERVER.password(), "192.0.2.2")).hasStatus(201);
    }

    @Test
    void basicAuthenticationCountsLikeLogins() {
        for (int i = 0; i < 3; i++) {
            assertThat(ask(user, "wrong" + i, "192.0.2.3")).hasStatus(401);
        }

        assertRefused(ask(user, "wrong", "192.0.2.3"));
        assertRefused(logIn(user, "wrong", "192.0.2.3"));
    }

    @Test
    void theGuessesOfAllClientsTogetherAreBounded() {
        guessFromManyClients();

        assertRefused(logIn(user, "wrong", "192.0.2.200"));
        assertRefused(logIn(user.toUpperCase(Locale.ROOT), "wrong", "192.0.2.200"));
    }

    @Test
    void whoIsAttackedGoesOn() {
        assertThat(ask(user, SERVER.password(), "192.0.2.6")).hasStatusOk();

        guessFromManyClients();

        assertThat(ask(user, SERVER.password(), "192.0.2.6")).hasStatusOk();
        assertThat(logIn(user, SERVER.password(), "192.0.2.7")).hasStatus(201);
    }

    /** As of an app with six requests at once, or a tab that polls with a former password. */
    @Test
    void theSameWrongPasswordAgainIsNoNewGuess() {
        for (int i = 0; i < 30; i++) {
            assertThat(ask(user, "wrong", "192.0.2.20")).hasStatus(401);
        }

        assertThat(logIn(user, SERVER.password(), "192.0.2.20")).hasStatus(201);
    }

    /** Also where the right password is in use elsewhere. */
    @Test
    void whoHasGuessedTooOftenIsNotToldWhichPasswordIsRight() {
        assertThat(ask(user, SERVER.password(), "192.0.2.21")).hasStatusOk();
        int guesses = 0;
        while (guesses < 100
                && ask(user, "wrong" + guesses, "192.0.2.22").getResponse().getStatus() == 401) {
            guesses++;
        }

        assertThat(guesses).isPositive().isLessThan(100);
        assertRefused(ask(user, SERVER.password(), "192.0.2.22"));
        assertThat(ask(user, SERVER.password(), "192.0.2.21")).hasStatusOk();
    }

    @Test
    void guessesOfManyAccountsFromOneClientAreBounded() {
        for (int i = 0; i < 8; i++) {
            assertThat(logIn(SERVER.newUser(), "wrong", "192.0.2.8")).hasStatus(401);
        }

        assertRefused(logIn(SERVER.newUser(), "wrong", "192.0.2.8"));
        assertThat(logIn(user, SERVER.password(), "192.0.2.9")).hasStatus(201);
    }

    /** A logout asks no mail server, and proves no password. */
    @Test
    void aLogoutIsNoWayAroundIt() {
        guessFromManyClients();

        http.delete()
                .uri("/v1/sessions/current")
                .header("Authorization", basic(user, "wrong"))
                .exchange();

        assertRefused(ask(user, "wrong", "192.0.2.201"));
    }

    private void guessFromManyClients() {
        for (int i = 0; i < 6; i++) {
            assertThat(logIn(user, "wrong" + i, "198.51.100." + i)).hasStatus(401);
        }
    }

    private static void assertRefused(MvcTestResult answer) {
        assertThat(answer)
                .hasStatus(429)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("too-many-logins");
        assertThat(answer).containsHeader("Retry-After");
    }

    private MvcTestResult logIn(String name, String password, String client) {
        return http.post()
                .uri("/v1/sessions")
                .remoteAddress(client)
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"username\": \"%s\", \"password\": \"%s\"}".formatted(name, password))
                .exchange();
    }

    private MvcTestResult ask(String name, String password, String client) {
        return http.get()
                .uri("/v1/sessions/current")
                .remoteAddress(client)
                .header("Authorization", basic(name, password))
                .exchange();
    }

    private static String basic(String name, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8));
    }
}
