package postern.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.limit.ListenerPlaces;

/** Searches that wait until something matches. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.listeners.per-account=1",
            "postern.watch.poll=50ms",
            "postern.watch.linger=0s"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(60)
class WaitForMatchesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String CODE =
            "{\"filter\": {\"subject\": \"code\"}, \"waitSeconds\": %d%s}";

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private ListenerPlaces places;

    private @Nullable HttpApi api;
    private @Nullable SecondImapClient second;

    @BeforeEach
    void logIn() throws IOException {
        var user = SERVER.newUser();
        second = SecondImapClient.of(SERVER, user);
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, user, new Password(SERVER.password()));
        api = new HttpApi(port, tokens.seal(tokens.start(account)));
    }

    @AfterEach
    void close() throws IOException {
        program().close();
    }

    @Test
    void theAnswerComesAsSoonAsAMessageMatches() throws Exception {
        deliver("INBOX", "something else");
        var answer = waiting("");
        deliver("INBOX", "news");
        assertThat(answer).isNotDone();
        deliver("INBOX", "your code");

        var page = answer.get().expect(200).json();

        assertThat(page.at("/items/0/subject").asString()).isEqualTo("your code");
        assertThat(page.get("items").size()).isEqualTo(1);
        assertThat(places.taken()).isZero();
    }

    @Test
    void itWaitsInAllMailboxes() throws Exception {
        program().create("Elsewhere");
        var answer = waiting("");
        deliver("Elsewhere", "your code");

        assertThat(answer.get().expect(200).json().get("items").size()).isEqualTo(1);
    }

    @Test
    void aMailboxThatIsDeletedMeanwhileEndsNothing() throws Exception {
        program().create("Elsewhere");
        var answer = waiting("");
        program().delete("Elsewhere");
        deliver("INBOX", "your code");

        assertThat(answer.get().expect(200).json().get("items").size()).isEqualTo(1);
    }

    @Test
    void aMessageThatComesToMatchIsFound() throws Exception {
        deliver("INBOX", "your code");
        var id = program().look("INBOX").getFirst().messageId();
        var answer =
                waiting("{\"filter\": {\"flagged\": true}, \"waitSeconds\": 60, \"limit\": 1}");
        program().store("INBOX", Set.of(id), true, "$flagged");

        assertThat(answer.get().expect(200).json().get("items").size()).isEqualTo(1);
    }

    @Test
    void itComesAtOnceWhereSomethingMatches() throws IOException {
        deliver("INBOX", "your code");

        assertThat(search(CODE.formatted(60, "")).expect(200).json().get("items").size())
                .isEqualTo(1);
    }

    @Test
    void itHasNothingWhenTheTimeIsOver() throws IOException {
        var page = search(CODE.formatted(1, "")).expect(200).json();

        assertThat(page.get("items").size()).isZero();
        assertThat(page.get("total").asLong()).isZero();
        assertThat(places.taken()).isZero();
    }

    @Test
    void itHasAPlaceAmongTheListeners() throws Exception {
        var first = waiting("");

        assertThat(search(CODE.formatted(60, "")).status()).isEqualTo(429);
        assertThat(search(CODE.formatted(0, "")).status()).isEqualTo(200);
        deliver("INBOX", "your code");
        first.get().expect(200);
    }

    @Test
    void itIsBounded() throws IOException {
        for (var body : new String[] {CODE.formatted(61, ""), CODE.formatted(-1, "")}) {
            assertThat(search(body).expect(400).json().at("/errors/0/pointer").asString())
                    .isEqualTo("/waitSeconds");
        }
    }

    @Test
    void aLaterPageIsAnsweredAtOnceWithAllElseAsItWas() throws IOException {
        deliver("INBOX", "your code 1");
        deliver("INBOX", "your code 2");
        var first = search(CODE.formatted(60, ", \"limit\": 1")).expect(200).json();
        for (var seen : program().look("INBOX")) {
            program().expunge("INBOX", Set.of(seen.messageId()));
        }
        var cursor = first.get("nextCursor").asString();

        var next = search(CODE.formatted(60, ", \"limit\": 1, \"cursor\": \"" + cursor + "\""));

        assertThat(next.expect(200).json().get("items").size()).isZero();
        assertThat(places.taken()).isZero();
    }

    /** Returns when the search waits. */
    private CompletableFuture<HttpApi.Answer> waiting(String other) {
        var body = other.isEmpty() ? CODE.formatted(60, "") : other;
        var answer =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return search(body);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        while (places.taken() == 0 && !answer.isDone()) {
            Thread.yield();
        }
        return answer;
    }

    private HttpApi.Answer search(String body) throws IOException {
        return requireNonNull(api).post("/search", body);
    }

    private void deliver(String mailbox, String subject) throws IOException {
        var message =
                "From: ada@example.org\r\nMessage-ID: <%d@example.org>\r\nSubject: %s\r\n\r\nx\r\n";
        program()
                .append(
                        mailbox,
                        Set.of(),
                        message.formatted(System.nanoTime(), subject).getBytes(UTF_8));
    }

    private SecondImapClient program() {
        return requireNonNull(second);
    }
}
