package postern.web.limit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** One account or client does not take the gateway from the others. */
@OnGreenMail
@TestPropertySource(properties = {"postern.rate.per-account=5", "postern.rate.per-client=8"})
class RateLimitsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final int ENOUGH = 100;

    @Autowired private MockMvcTester http;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;

    @Test
    void anAccountIsToldWhatIsLeftAndWhenToComeBack() {
        var session = session();

        for (int left = 4; left >= 0; left--) {
            assertThat(ask(session))
                    .hasStatusOk()
                    .hasHeader("RateLimit-Policy", "\"account\";q=5;w=60")
                    .headers()
                    .hasHeaderSatisfying("RateLimit", values(left));
        }
        var answer = ask(session);

        assertThat(answer)
                .hasStatus(429)
                .hasHeader("RateLimit-Policy", "\"account\";q=5;w=60")
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("too-many-requests");
        assertThat(Integer.parseInt(answer.getResponse().getHeader("Retry-After")))
                .isBetween(1, 12);
        assertThat(ask(session())).hasStatusOk();
    }

    private static Consumer<List<String>> values(int left) {
        return values ->
                assertThat(values)
                        .singleElement()
                        .asString()
                        .matches("\"account\";r=" + left + ";t=[0-9]+");
    }

    /** Nobody uses up the requests of an account by naming it with a wrong password. */
    @Test
    void passwordsThatWereNotAcceptedYetCountForTheClient() {
        var user = SERVER.newUser();
        assertThat(ask(basic(user, SERVER.password()), "192.0.2.2")).hasStatusOk();

        int served = served(i -> ask(basic(user, "wrong" + i), "192.0.2.2"));

        assertThat(served).isBetween(1, ENOUGH);
        assertThat(ask(basic(user, SERVER.password()), "192.0.2.2"))
                .hasStatusOk()
                .hasHeader("RateLimit-Policy", "\"account\";q=5;w=60");
    }

    /** Else the header would tell somebody who guesses which password is right. */
    @Test
    void aRightPasswordLooksLikeAWrongOneUntilItWasServedHere() {
        var user = SERVER.newUser();
        assertThat(ask(basic(user, SERVER.password()), "192.0.2.11")).hasStatusOk();

        assertThat(ask(basic(user, SERVER.password()), "192.0.2.12"))
                .hasStatusOk()
                .hasHeader("RateLimit-Policy", "\"client\";q=8;w=60");
        assertThat(ask(basic(user, SERVER.password()), "192.0.2.12"))
                .hasHeader("RateLimit-Policy", "\"account\";q=5;w=60");
    }

    /** A host can use every address of its network. */
    @Test
    void clientsOfOneIpv6NetworkAreOne() {
        int served = served(i -> ask(null, "2001:db8:0:1:%x::1".formatted(i)));

        assertThat(served).isBetween(8, ENOUGH);
        assertThat(ask(null, "2001:db8:0:2::1")).hasStatus(401);
    }

    /** By default: anybody could send the header. */
    @Test
    void whatAClientSaysOfItsAddressDoesNotCount() {
        int served = served(i -> askForwarded("203.0.113." + i));

        assertThat(served).isBetween(8, ENOUGH);
    }

    /** How many are served until one is refused; requests come back while a test pauses. */
    private static int served(IntFunction<MvcTestResult> ask) {
        int served = 0;
        while (served <= ENOUGH && ask.apply(served).getResponse().getStatus() != 429) {
            served++;
        }
        return served;
    }

    private MvcTestResult askForwarded(String claimed) {
        return http.get()
                .uri("/v1/sessions/current")
                .remoteAddress("192.0.2.4")
                .header("X-Forwarded-For", claimed)
                .exchange();
    }

    private MvcTestResult ask(String credentials) {
        return ask(credentials, "192.0.2.3");
    }

    private MvcTestResult ask(@Nullable String credentials, String address) {
        var request = http.get().uri("/v1/sessions/current").remoteAddress(address);
        if (credentials != null) {
            request.header("Authorization", credentials);
        }
        return request.exchange();
    }

    private String session() {
        var user = SERVER.newUser();
        var account =
                new Account(servers.forUser(user).imap(), user, new Password(SERVER.password()));
        return "Bearer " + tokens.seal(tokens.start(account));
    }

    private static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }
}
