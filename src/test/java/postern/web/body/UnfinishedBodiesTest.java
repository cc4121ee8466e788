package postern.web.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
            "postern.body.slowest=1KB",
            "postern.body.grace=3s",
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(60)
class UnfinishedBodiesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final int FLOOD = 200;
    private static final int TRIES = 10;
    private static final int ASKED = 50;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private MeterRegistry meters;
    private final List<Client> clients = new ArrayList<>();

    @BeforeEach
    void theClientsOfOtherTestsAreGone() {
        await().dontCatchUncaughtExceptions()
                .until(() -> meters.get("postern.bodies.unfinished").gauge().value() == 0);
    }

    @AfterEach
    void hangUp() throws IOException {
        for (var client : clients) {
            client.socket.close();
        }
        clients.clear();
    }

    private void theClientsOfBeforeLeave() throws IOException {
        hangUp();
        theClientsOfOtherTestsAreGone();
    }

    @Test
    void theUnfinishedBodiesOfOneAccountAreFewAndOthersAreServed() throws IOException {
        var attacker = session();

        var flood = flood(FLOOD, attacker, "message/rfc822");

        assertThat(search(session())).startsWith("HTTP/1.1 200 ");
        var answers = answers(flood);
        assertThat(having("429", answers))
                .hasSize(FLOOD - 4)
                .allMatch(it -> it.contains("\"too-many-requests\""))
                .allMatch(it -> it.contains("\r\nRetry-After: "));
        assertThat(having("408", answers)).hasSize(4);
        assertThat(search(attacker)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whoNamesAnAccountWithAWrongPasswordTakesNoTurnOfIt() throws IOException {
        var user = SERVER.newUser();

        flood(4, basic(user, "wrong"), "application/json");

        assertThat(search(basic(user, SERVER.password()))).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void theUnfinishedLoginsOfOneClientAreFewAndUsersAreServed() throws IOException {
        var flood = flood(50, null, "application/json");

        assertThat(search(session())).startsWith("HTTP/1.1 200 ");
        assertThat(having("429", answers(flood))).hasSize(44);
    }

    @Test
    void allTogetherAreFewToo() throws IOException {
        var answer = "";
        // On a slow machine the first of them have ended before the last have been seen.
        for (int tries = 0; tries < TRIES && !answer.startsWith("HTTP/1.1 503 "); tries++) {
            theClientsOfBeforeLeave();
            for (int i = 0; i < 3; i++) {
                flood(4, session(), "message/rfc822");
            }
            answer = search(session());
        }

        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("\"uploads-full\"");
        assertThat(answer).contains("\r\nRetry-After: ");
    }

    /** One counts as two of four, as soon as 128 KB have come. */
    @Test
    void jsonThatIsReadIntoMemoryCountsMoreTheMoreHasCome() throws IOException {
        var answer = "";
        // On a slow machine the first has ended before all of the second has been seen.
        for (int tries = 0; tries < TRIES && !answer.startsWith("HTTP/1.1 429 "); tries++) {
            theClientsOfBeforeLeave();
            var user = session();
            for (int i = 0; i < 2; i++) {
                new Client(user, "application/json", 1_000_000)
                        .send("{\"filter\": \"" + "x".repeat(200_000));
            }
            // what has been sent has not been read yet
            for (int asked = 0; asked < ASKED && !answer.startsWith("HTTP/1.1 429 "); asked++) {
                answer = search(user);
            }
        }

        assertThat(answer).startsWith("HTTP/1.1 429 ");
    }

    /** However much of the gateway's room it takes. */
    @Test
    void aLargeBodyMayAlwaysCome() throws IOException {
        var large = "{\"cursor\": \"" + "x".repeat(3_000_000) + "\"}";
        var client = new Client(session(), "application/json", large.length());
        client.send(large);

        assertThat(client.answer()).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/search, application/json",
        "POST, /v1/mailboxes/inbox/messages, message/rfc822",
        "POST, /v1/mailboxes/inbox/messages, multipart/form-data;boundary=b",
        "POST, /v1/mailboxes/inbox/import, application/mbox",
        "PATCH, /v1/mailboxes/inbox, application/json"
    })
    void aBodyThatStopsIsARequestThatCameTooSlowly(String method, String path, String type)
            throws IOException {
        var client = new Client(session(), method, path, type, 1_000);
        client.send("multipart/form-data;boundary=b".equals(type) ? "--b\r\nContent-Di" : "{\"a");

        var answer = client.answer();

        assertThat(answer)
                .startsWith("HTTP/1.1 408 ")
                .contains(
                        "\"request-too-slow\"", "\"retryable\":true", "\r\nConnection: close\r\n");
        assertThat(client.socket.getInputStream().read()).isEqualTo(-1);
    }

    /** Bytes at intervals shorter than any idle timeout. */
    @Test
    void aTrickleIsTooSlow() throws IOException {
        var client = new Client(session(), "application/json", 1_000);

        client.socket.setSoTimeout(100);
        int first = -1;
        while (first < 0) {
            client.send(" ");
            try {
                first = client.socket.getInputStream().read();
            } catch (SocketTimeoutException _) {
                // not yet answered
            }
        }
        client.socket.setSoTimeout(20_000);

        assertThat((char) first + client.answer()).startsWith("HTTP/1.1 408 ");
    }

    private List<Client> flood(int number, @Nullable String credentials, String type)
            throws IOException {
        var flood = new ArrayList<Client>();
        for (int i = 0; i < number; i++) {
            var client =
                    type.equals("application/json")
                            ? new Client(credentials, type, 1_000)
                            : new Client(
                                    credentials,
                                    "POST",
                                    "/v1/mailboxes/inbox/messages",
                                    type,
                                    1_000_000);
            client.send("{");
            flood.add(client);
        }
        return flood;
    }

    private static List<String> answers(List<Client> flood) throws IOException {
        var answers = new ArrayList<String>();
        for (var client : flood) {
            answers.add(client.answer());
        }
        return answers;
    }

    private static List<String> having(String status, List<String> answers) {
        return answers.stream().filter(it -> it.startsWith("HTTP/1.1 " + status)).toList();
    }

    private String search(String credentials) throws IOException {
        var client = new Client(credentials, "application/json", 2);
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

    private final class Client {

        private final Socket socket;

        private Client(@Nullable String credentials, String type, int length) throws IOException {
            this(
                    credentials,
                    "POST",
                    credentials == null ? "/v1/sessions" : "/v1/search",
                    type,
                    length);
        }

        private Client(
                @Nullable String credentials, String method, String path, String type, int length)
                throws IOException {
            socket = new Socket("localhost", port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            clients.add(this);
            var authorization =
                    credentials == null ? "" : "Authorization: %s\r\n".formatted(credentials);
            send(
                    "%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                            .formatted(method, path, authorization, type, length));
        }

        private void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        }

        /** Reads the head and the body of the answer. */
        private String answer() throws IOException {
            var in = socket.getInputStream();
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                assertThat(octet).as("after " + head).isNotNegative();
                head.append((char) octet);
            }
            int at = head.indexOf("Content-Length: ");
            int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
            return head + new String(in.readNBytes(length), US_ASCII);
        }
    }
}
