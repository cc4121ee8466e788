package postern.web.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import postern.PosternApplication;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.RequestNames;
import postern.account.RequestSeal;
import postern.account.Security;
import postern.shared.InMemorySharedState;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.testserver.InMemoryServer;
import postern.testserver.ScriptedSmtpServer;

/** Two whole gateways that share the state: a key holds on both. */
class TwoReplicasTest {

    private static final InMemoryServer IMAP = InMemoryServer.GREENMAIL;
    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.usual();
    private static final SharedState STATE = new InMemorySharedState(InstantSource.system());
    private static ConfigurableApplicationContext one;
    private static ConfigurableApplicationContext other;

    private final HttpClient http = HttpClient.newHttpClient();
    private String user = "";

    @BeforeAll
    static void start() {
        one = replica();
        other = replica();
    }

    private static ConfigurableApplicationContext replica() {
        return new SpringApplicationBuilder(PosternApplication.class)
                .properties(
                        Map.of(
                                "server.port", "0",
                                "management.server.port", "-1",
                                "postern.session.keys",
                                        "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=",
                                "postern.imap.host", IMAP.host(),
                                "postern.imap.port", Integer.toString(IMAP.port()),
                                "postern.imap.security", "none",
                                "postern.submission.host", SMTP.host(),
                                "postern.submission.port", Integer.toString(SMTP.port()),
                                "postern.submission.security", "none"))
                .initializers((GenericApplicationContext context) ->
                        context.registerBean(
                                "theSharedState",
                                SharedState.class,
                                () -> STATE,
                                definition -> definition.setPrimary(true)))
                .run();
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @BeforeEach
    void aUser() {
        SMTP.reset();
        user = IMAP.newUser();
    }

    private HttpResponse<String> post(
            ConfigurableApplicationContext replica, String path, String key, String body)
            throws IOException, InterruptedException {
        return post(replica, path, key, body, IMAP.password());
    }

    private HttpResponse<String> post(
            ConfigurableApplicationContext replica,
            String path,
            String key,
            String body,
            String password)
            throws IOException, InterruptedException {
        var port = replica.getEnvironment().getProperty("local.server.port");
        var basic = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                        .build(),
                BodyHandlers.ofString());
    }

    private static boolean replayed(HttpResponse<String> answer) {
        return answer.headers().firstValue("Idempotency-Replayed").equals(Optional.of("true"));
    }

    @Test
    void theOtherReplicaGivesTheAnswerOfTheFirst() throws Exception {
        var message = "{'subject': 'x', 'text': 'y'}";
        var first = post(one, "/v1/mailboxes/inbox/messages", "k", message);

        var again = post(other, "/v1/mailboxes/inbox/messages", "\"k\"", message);

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(replayed(again)).isTrue();
        assertThat(
                        post(
                                        other,
                                        "/v1/mailboxes/inbox/messages",
                                        "k",
                                        message,
                                        "a wrong password")
                                .statusCode())
                .isEqualTo(401);
        assertThat(post(other, "/v1/mailboxes/inbox/messages", "k", "{}").body())
                .contains("idempotency-key-reused");
    }

    @Test
    void ofTwoAtOnceOneIsCarriedOut() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                var key = "round " + round;
                var name = "{'name': 'Round%d'}".formatted(round);
                var together = new CountDownLatch(1);
                var answers =
                        IntStream.range(0, 6)
                                .mapToObj(i ->
                                        threads.submit(
                                                (Callable<HttpResponse<String>>)
                                                        () -> {
                                                            together.await(10, TimeUnit.SECONDS);
                                                            return post(
                                                                    i % 2 == 0 ? one : other,
                                                                    "/v1/mailboxes",
                                                                    key,
                                                                    name);
                                                        }))
                                .toList();
                together.countDown();
                int made = 0;
                for (var answer : answers) {
                    var each = answer.get();
                    assertThat(each.statusCode()).as(each.body()).isIn(201, 409);
                    if (each.statusCode() == 409) {
                        assertThat(each.body()).contains("request-in-progress");
                    }
                    made += each.statusCode() == 201 && !replayed(each) ? 1 : 0;
                }
                assertThat(made).isEqualTo(1);
            }
        }
    }

    /** The entry of a request that has been answered, as it was while a replica was at it. */
    private void diedMeanwhile(String route, String key, Duration ago) throws IOException {
        var account =
                new Account(
                        new ImapServer(IMAP.host(), IMAP.port(), Security.NONE),
                        user,
                        new Password(IMAP.password()));
        var name =
                AccountKey.of(account).sharedName("requests").substring(0, 16)
                        + ":"
                        + one.getBean(RequestNames.class).ofView(account, route, key).getFirst();
        var seal = one.getBean(RequestSeal.class);
        var octets = Objects.requireNonNull(STATE.get(SharedArea.REQUESTS, name));
        var answered = AttemptCodec.read(seal.open(name, octets).orElseThrow()).attempt();
        var running =
                new Attempt.Running(
                        answered.fingerprint(), "of the dead", Instant.now().minus(ago));
        STATE.put(
                SharedArea.REQUESTS,
                name,
                seal.seal(name, AttemptCodec.write(running, null)),
                Duration.ofHours(1));
    }

    @Test
    void aRequestOfADeadReplicaIsNoNewOne() throws Exception {
        var mailbox = "{'name': 'Once'}";
        post(one, "/v1/mailboxes", "k", mailbox);

        diedMeanwhile("POST /v1/mailboxes", "k", Duration.ofMinutes(14));
        assertThat(post(other, "/v1/mailboxes", "k", mailbox).body())
                .contains("request-in-progress");
        diedMeanwhile("POST /v1/mailboxes", "k", Duration.ofMinutes(16));
        assertThat(post(other, "/v1/mailboxes", "k", mailbox).body()).contains("outcome-unknown");
    }

    @Test
    void whatADeadReplicaHasSentTheMailboxTells() throws Exception {
        post(one, "/v1/mailboxes", "d", "{'name': 'Drafts'}");
        post(one, "/v1/mailboxes", "s", "{'name': 'Sent'}");
        var message =
                "{'from': [{'email': '%s@example.org'}], 'to': [{'email': 'b@example.org'}]}"
                        .formatted(user);
        var first = post(one, "/v1/send", "k", message);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);

        diedMeanwhile("POST /v1/send", "k", Duration.ofSeconds(30));
        assertThat(post(other, "/v1/send", "k", message).body()).contains("request-in-progress");
        diedMeanwhile("POST /v1/send", "k", Duration.ofMinutes(2));
        var again = post(other, "/v1/send", "k", message);

        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        assertThat(replayed(again)).isTrue();
        assertThat(SMTP.messages()).hasSize(1);
    }

    @Test
    void aMessageIsRedirectedOnceWhateverReplicaIsAsked() throws Exception {
        var created =
                post(one, "/v1/mailboxes/inbox/messages", "m", "{'subject': 'x', 'text': 'y'}");
        var path = created.headers().firstValue("Location").orElseThrow() + "/redirect";
        var wish =
                "{'to': [{'email': 'b@example.org'}], 'from': {'email': '%s@example.org'}}"
                        .formatted(user);
        SMTP.drops(".");
        assertThat(post(one, path, "k", wish).body()).contains("outcome-unknown");
        SMTP.reset();

        assertThat(post(other, path, "k", wish).body()).contains("outcome-unknown");
        assertThat(SMTP.commands()).isEmpty();

        var first = post(one, path, "k2", wish);
        var again = post(other, path, "k2", wish);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(List.of(replayed(first), replayed(again))).containsExactly(false, true);
        assertThat(SMTP.messages()).hasSize(1);
    }
}
