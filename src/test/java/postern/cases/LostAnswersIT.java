package postern.cases;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.BareSocket;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message that was stored, copied or moved, but whose response was lost, is found by a repetition
 * with the same key.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
@Timeout(180)
class LostAnswersIT {

    private static final JsonMapper JSON = new JsonMapper();

    /** Large enough to be streamed, so that the test can stop in the middle. */
    private static final byte[] MESSAGE =
            ("Message-ID: <lost@example.org>\r\nSubject: lost\r\n\r\n"
                            + "All work and no play makes Jack a dull boy.\r\n".repeat(10_000))
                    .getBytes(US_ASCII);

    private static final int FIRST = 300_000;
    private static final int SOME = 100_000;
    private static final int CUTS = 5;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void whatWasStoredIsFoundByItsKeyAndNotStoredAgain(TestServer server) throws Exception {
        var user = server.newUser();
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port());
                var program = BareSocket.loggedIn(server, user)) {
            var token = token(server, proxy, user);
            var goOn = new CountDownLatch(1);
            var answer = store(token, "key", goOn);
            until(() -> proxy.toServer().octets() > SOME);
            becomesAnother(server, program);
            proxy.toClient().stall();
            goOn.countDown();
            until(() -> count(program) == 1);
            proxy.cut();
            proxy.toClient().resume();

            var first = answer.get();
            assertThat(first.statusCode()).as(first.body()).isEqualTo(502);
            assertThat(problem(first).path("code").asString()).isEqualTo("outcome-unknown");
            assertThat(problem(first).path("retryable").asBoolean()).isFalse();

            var second = store(token, "key", new CountDownLatch(0)).get();
            assertThat(second.statusCode()).as(second.body()).isEqualTo(201);
            assertThat(count(program)).isEqualTo(1);
            assertThat(problem(second).path("id").asString())
                    .isEqualTo(listed(token).at("/items/0/id").asString());

            var third = store(token, "key", new CountDownLatch(0)).get();
            assertThat(third.headers().firstValue("Idempotency-Replayed")).contains("true");
            var other = store(token, "other", new CountDownLatch(0)).get();
            assertThat(other.statusCode()).isEqualTo(201);
            assertThat(count(program)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void whatWasNotStoredIsStoredOnceWithTheSameKey(TestServer server) throws Exception {
        var user = server.newUser();
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port());
                var program = BareSocket.loggedIn(server, user)) {
            var token = token(server, proxy, user);
            var goOn = new CountDownLatch(1);
            var answer = store(token, "key", goOn);
            until(() -> proxy.toServer().octets() > SOME);
            becomesAnother(server, program);
            proxy.toServer().stall();
            goOn.countDown();
            proxy.cut();
            proxy.toServer().resume();

            assertThat(answer.get().statusCode()).isEqualTo(502);

            var second = store(token, "key", new CountDownLatch(0)).get();
            assertThat(second.statusCode()).as(second.body()).isEqualTo(201);
            assertThat(count(program)).isEqualTo(1);
        }
    }

    /** Wherever the connection ends, the copy is made once. */
    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aCopyIsFoundByItsKeyAndNotMadeAgain(TestServer server) throws Exception {
        onceEach(
                server,
                (token, id, key) ->
                        post(
                                token,
                                "/messages/" + id + "/copy",
                                key,
                                "{\"mailboxId\":\"archive\"}"),
                answer -> answer.statusCode() == 201,
                0);
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aMoveOfABatchIsFoundByItsKeyAndFinished(TestServer server) throws Exception {
        onceEach(
                server,
                (token, id, key) ->
                        post(
                                token,
                                "/messages/batch",
                                key,
                                "{\"ids\":[\"" + id + "\"],\"moveTo\":\"archive\"}"),
                answer ->
                        answer.statusCode() == 200
                                && problem(answer).path("succeeded").asInt() == 1,
                1);
    }

    /** A request that changes one message, with an idempotency key. */
    private interface Change {
        HttpResponse<String> send(String token, String id, String key) throws Exception;
    }

    /**
     * @param gone the number of messages that each change removes from the inbox
     */
    private void onceEach(
            TestServer server, Change change, Predicate<HttpResponse<String>> done, int gone)
            throws Exception {
        var user = server.newUser();
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port())) {
            var token = token(server, proxy, user);
            post(token, "/mailboxes", "archive", "{\"role\":\"archive\"}");
            var first = stored(token, "first");
            long before = proxy.toClient().octets();
            assertThat(change.send(token, first, "first")).matches(done);
            long octets = proxy.toClient().octets() - before;
            int changes = 1;
            for (long cut = octets - 1; cut > 0; cut -= octets / CUTS, changes++) {
                var key = "cut" + cut;
                var id = stored(token, key);
                proxy.toClient().cutAfter(cut);
                var answer = change.send(token, id, key);
                proxy.toClient().cutAfter(Long.MAX_VALUE);
                var last = done.test(answer) ? answer : change.send(token, id, key);
                assertThat(last).as(answer.body() + last.body()).matches(done);
                assertThat(total(token, "archive")).as(answer.body()).isEqualTo(changes + 1);
                assertThat(total(token, "inbox")).isEqualTo((changes + 1) * (1 - gone));
            }
        }
    }

    private String stored(String token, String subject) throws Exception {
        var message = "{\"subject\":\"%s\",\"text\":\"x\",\"from\":[{\"email\":\"a@b.c\"}]}";
        post(token, "/mailboxes/inbox/messages", "store" + subject, message.formatted(subject));
        return listed(token).at("/items/0/id").asString();
    }

    private int total(String token, String mailbox) throws Exception {
        return get(token, "/mailboxes/" + mailbox).path("totalMessages").asInt();
    }

    private HttpResponse<String> post(String token, String path, String key, String body)
            throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1" + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private String token(TestServer server, FaultyProxy proxy, String user) {
        var imap = new ImapServer(proxy.host(), proxy.port(), Security.NONE);
        var session = tokens.start(new Account(imap, user, new Password(server.password())));
        return tokens.seal(session);
    }

    private CompletableFuture<HttpResponse<String>> store(
            String token, String key, CountDownLatch goOn) {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://localhost:"
                                                + port
                                                + "/v1/mailboxes/inbox/messages"))
                        .header("Authorization", "Bearer " + token)
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "message/rfc822")
                        .POST(message(goOn))
                        .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    private static BodyPublisher message(CountDownLatch goOn) {
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() ->
                        new SequenceInputStream(
                                new ByteArrayInputStream(MESSAGE, 0, FIRST), rest(goOn))),
                MESSAGE.length);
    }

    private static InputStream rest(CountDownLatch goOn) {
        var rest = Arrays.copyOfRange(MESSAGE, FIRST, MESSAGE.length);
        return new ByteArrayInputStream(rest) {
            @Override
            public int read(byte[] target, int offset, int length) {
                try {
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return super.read(target, offset, length);
            }
        };
    }

    private JsonNode listed(String token) throws Exception {
        return get(token, "/mailboxes/inbox/messages");
    }

    private JsonNode get(String token, String path) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1" + path))
                        .header("Authorization", "Bearer " + token)
                        .build();
        return problem(http.send(request, BodyHandlers.ofString()));
    }

    private static JsonNode problem(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    /** Courier tells another UIDVALIDITY each second of a mailbox that nobody has opened yet. */
    private static void becomesAnother(TestServer server, BareSocket program) {
        var before = uidValidity(program);
        until(() -> server != RealServer.COURIER || !uidValidity(program).equals(before));
    }

    private static String uidValidity(BareSocket program) {
        try {
            return program.command("STATUS INBOX (UIDVALIDITY)").getFirst();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int count(BareSocket program) {
        try {
            program.command("EXAMINE INBOX");
            return (int)
                    program.command("UID SEARCH ALL").stream()
                            .filter(line -> line.startsWith("* SEARCH"))
                            .flatMap(line -> List.of(line.substring(8).strip().split(" ")).stream())
                            .filter(uid -> !uid.isEmpty())
                            .count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.yield();
        }
    }
}
