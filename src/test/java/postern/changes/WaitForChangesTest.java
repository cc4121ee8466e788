package postern.changes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
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

/** Requests for changes that wait; the container's idle timeout is shorter than they wait. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.jetty.connection-idle-timeout=1s",
            "postern.listeners.per-account=1",
            "postern.watch.linger=0s"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(300)
class WaitForChangesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MailServers servers;
    @Autowired private ListenerPlaces places;
    @Autowired private MeterRegistry meters;

    private String token = "";
    private @Nullable SecondImapClient second;

    @BeforeEach
    void logIn() throws IOException {
        var user = SERVER.newUser();
        second = SecondImapClient.of(SERVER, user);
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var account = new Account(imap, user, new Password(SERVER.password()));
        token = tokens.seal(tokens.start(account));
    }

    @AfterEach
    void close() throws IOException {
        requireNonNull(second).close();
    }

    @Test
    void anAnswerComesAsSoonAsThereIsAChange() throws Exception {
        var state = state();
        var answer = waiting(state, 60);
        deliver();

        var page = answer.get().expect(200).json();
        assertThat(page.at("/added/0/subject").asString()).isEqualTo("news");
        assertThat(places.taken()).isZero();
    }

    @Test
    void itComesAtOnceWhereThereAreChanges() throws IOException {
        var state = state();
        deliver();

        var page = ask(state, 60).expect(200).json();

        assertThat(page.at("/added/0/subject").asString()).isEqualTo("news");
    }

    @Test
    void itComesWithoutChangesWhenTheTimeIsOver() throws IOException {
        var state = state();

        var page = ask(state, 3).expect(200).json();

        assertThat(page.path("added").size() + page.path("removed").size()).isZero();
        assertThat(page.path("state").asString()).isEqualTo(state);
        assertThat(places.taken()).isZero();
    }

    @Test
    void itIsTheSameWithTheStateInTheBody() throws Exception {
        var state = state();
        var answer =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return api().post(
                                        "/mailboxes/inbox/changes",
                                        "{\"since\": \"%s\", \"waitSeconds\": 60}"
                                                .formatted(state));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        awaitListener();
        deliver();

        assertThat(answer.get().expect(200).json().path("added").size()).isEqualTo(1);
    }

    @Test
    void aWaitingRequestHoldsOnlyTheConnectionThatWatches() throws Exception {
        var state = state();
        var answer = waiting(state, 60);
        while (lent() != 1) {
            Thread.yield();
        }
        deliver();
        answer.get().expect(200);
    }

    @Test
    void itHasAPlaceAmongTheListeners() throws Exception {
        var state = state();
        var first = waiting(state, 60);

        assertThat(ask(state, 60).status()).isEqualTo(429);
        assertThat(ask(state, 0).status()).isEqualTo(200);
        deliver();
        first.get().expect(200);
    }

    @Test
    void aLogoutMeanwhileIsAnswered() throws Exception {
        var answer = waiting(state(), 60);
        api().delete("/sessions/current").expect(204);

        assertThat(answer.get().status()).isEqualTo(401);
        assertThat(places.taken()).isZero();
    }

    @Test
    void itIsBounded() throws IOException {
        var state = state();
        assertThat(ask(state, 61).status()).isEqualTo(400);
        assertThat(ask(state, -1).status()).isEqualTo(400);
    }

    private double lent() {
        return meters.get("postern.imap.connections").tag("state", "lent").gauge().value();
    }

    /** Returns when the request waits. */
    private CompletableFuture<HttpApi.Answer> waiting(String state, int seconds) {
        var answer =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return ask(state, seconds);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        awaitListener();
        return answer;
    }

    private void awaitListener() {
        while (places.taken() == 0) {
            Thread.yield();
        }
    }

    private HttpApi.Answer ask(String state, int seconds) throws IOException {
        return api().get(
                        "/mailboxes/inbox/changes?since=%s&waitSeconds=%d"
                                .formatted(state, seconds));
    }

    private String state() throws IOException {
        return api().get("/mailboxes/inbox/messages?withState=true")
                .expect(200)
                .json()
                .get("state")
                .asString();
    }

    private void deliver() throws IOException {
        requireNonNull(second)
                .append(
                        "INBOX",
                        Set.of(),
                        "From: ada@example.org\r\nSubject: news\r\n\r\nText\r\n".getBytes(UTF_8));
    }

    /** Each has its own connection: one that is kept may be closed as the next request goes out. */
    private HttpApi api() {
        return new HttpApi(port, token);
    }
}
