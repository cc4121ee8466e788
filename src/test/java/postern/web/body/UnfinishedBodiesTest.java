package postern.web.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** Clients that stop in the middle of a body take neither the gateway nor others' turns. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.body.max-unfinished=12",
            "postern.body.max-unfinished-per-account=4",
            "postern.body.max-unfinished-per-client=6",
            "postern.body.grace=1h",
            "server.jetty.connection-idle-timeout=1h",
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(180)
class UnfinishedBodiesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final int FLOOD = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private MeterRegistry meters;
    private final List<BodyClient> clients = new ArrayList<>();

    @BeforeEach
    void theClientsOfOtherTestsAreGone() {
        awaitUnfinished(0);
    }

    @AfterEach
    void hangUp() throws IOException {
        for (var client : clients) {
            client.close();
        }
        clients.clear();
    }

    @Test
    void theUnfinishedBodiesOfOneAccountAreFewAndOthersAreServed() throws IOException {
        var attacker = session();

        flood(FLOOD, attacker, "message/rfc822");

        assertThat(search(session())).startsWith("HTTP/1.1 200 ");
        assertThat(answers(FLOOD - 4))
                .allMatch(it -> it.startsWith("HTTP/1.1 429 "))
                .allMatch(it -> it.contains("\"too-many-requests\""))
                .allMatch(it -> it.contains("\r\nRetry-After: "));
        awaitUnfinished(4);
        hangUp();
        awaitUnfinished(0);
        assertThat(search(attacker)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whoNamesAnAccountWithAWrongPasswordTakesNoTurnOfIt() throws IOException {
        var user = SERVER.newUser();

        flood(4, basic(user, "wrong"), "application/json");
        awaitUnfinished(4);

        assertThat(search(basic(user, SERVER.password()))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void theUnfinishedLoginsOfOneClientAreFewAndUsersAreServed() throws IOException {
        flood(50, null, "application/json");

        assertThat(search(session())).startsWith("HTTP/1.1 200 ");
        assertThat(answers(44)).allMatch(it -> it.startsWith("HTTP/1.1 429 "));
        awaitUnfinished(6);
    }

    @Test
    void allTogetherAreFewToo() throws IOException {
        for (int i = 0; i < 3; i++) {
            flood(4, session(), "message/rfc822");
        }
        awaitUnfinished(12);

        assertThat(search(session()))
                .startsWith("HTTP/1.1 503 ")
                .contains("\"uploads-full\"", "\r\nRetry-After: ");
    }

    /** One counts as two of four, as soon as 128 KB have come. */
    @Test
    void jsonThatIsReadIntoMemoryCountsMoreTheMoreHasCome() throws IOException {
        var user = session();
        for (int i = 0; i < 2; i++) {
            json(user, 1_000_000).send("{\"filter\": \"" + "x".repeat(200_000));
        }
        awaitUnfinished(4);

        assertThat(search(user)).startsWith("HTTP/1.1 429 ");
    }

    /** However much of the gateway's room it takes. */
    @Test
    void aLargeBodyMayAlwaysCome() throws IOException {
        var large = "{\"cursor\": \"" + "x".repeat(3_000_000) + "\"}";
        var client = json(session(), large.length());
        client.send(large);

        assertThat(client.answer()).startsWith("HTTP/1.1 400 ");
    }

    private void flood(int number, @Nullable String credentials, String type) throws IOException {
        for (int i = 0; i < number; i++) {
            var client =
                    type.equals("application/json")
                            ? json(credentials, 1_000)
                            : client(credentials, "/v1/mailboxes/inbox/messages", type, 1_000_000);
            client.send("{");
        }
    }

    private BodyClient json(@Nullable String credentials, int length) throws IOException {
        var path = credentials == null ? "/v1/sessions" : "/v1/search";
        return client(credentials, path, "application/json", length);
    }

    private BodyClient client(@Nullable String credentials, String path, String type, int length)
            throws IOException {
        var client = new BodyClient(port, credentials, "POST", path, type, length, "");
        clients.add(client);
        return client;
    }

    /** Those that come while the other clients wait to finish their bodies. */
    private List<String> answers(int number) throws IOException {
        await().dontCatchUncaughtExceptions()
                .atMost(PATIENCE)
                .until(() -> clients.stream().filter(BodyClient::isAnswered).count() >= number);
        var answers = new ArrayList<String>();
        for (var client : clients) {
            if (client.isAnswered()) {
                answers.add(client.answer());
            }
        }
        assertThat(answers).hasSize(number);
        return answers;
    }

    private void awaitUnfinished(int shares) {
        await().dontCatchUncaughtExceptions()
                .atMost(PATIENCE)
                .until(
                        () -> meters.get("postern.bodies.unfinished").gauge().value(),
                        it -> it == shares);
    }

    private String search(String credentials) throws IOException {
        var client = json(credentials, 2);
        client.send("{}");
        return client.answer();
    }

    private String session() {
        var user = SERVER.newUser();
        var account =
                new Account(servers.forUser(user).imap(), user, new Password(SERVER.password()));
        return "Bearer " + tokens.seal(tokens.start(account));
    }

    private static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(US_ASCII));
    }
}
