package postern.submission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import postern.PosternApplication;
import postern.testclient.PlainImapClient;
import postern.testserver.FaultyProxy;
import postern.testserver.PostfixServer;
import postern.testserver.ProxyDirection;
import tools.jackson.databind.json.JsonMapper;

/**
 * A replica loses its connections, or all contact with the servers as if it had died, at random
 * octets while it sends a message with an {@code Idempotency-Key}, and the request is repeated on
 * another one, which shares nothing with it but the mailbox. Each recipient gets the message once,
 * or the answer says that nobody knows. The caller chooses the Message-IDs, since each replica has
 * a proxy, and so another address, in front of the mail server.
 */
@Timeout(3600)
class KilledSendingIT {

    private static final PostfixServer SERVER = PostfixServer.POSTFIX;
    private static final int ROUNDS = Integer.getInteger("send.rounds", 25);
    private static final long SEED = Long.getLong("send.seed", 20260301);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Replica> REPLICAS = new ArrayList<>();

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private final Random random = new Random(SEED);

    /** A gateway with connections of its own to both servers. */
    private record Replica(
            FaultyProxy imap, FaultyProxy smtp, ConfigurableApplicationContext gateway) {

        static Replica start() {
            var imap = FaultyProxy.inFrontOf(SERVER.host(), SERVER.port());
            var smtp = FaultyProxy.inFrontOf(SERVER.host(), SERVER.submissionPort());
            var properties =
                    Map.<String, Object>ofEntries(
                            Map.entry("server.port", "0"),
                            Map.entry("management.server.port", "-1"),
                            Map.entry(
                                    "postern.session.keys",
                                    "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U="),
                            Map.entry("postern.imap.host", imap.host()),
                            Map.entry("postern.imap.port", imap.port()),
                            Map.entry("postern.imap.security", "none"),
                            Map.entry("postern.imap.connection.command-timeout", "2s"),
                            Map.entry("postern.submission.host", smtp.host()),
                            Map.entry("postern.submission.port", smtp.port()),
                            Map.entry("postern.submission.security", "none"),
                            Map.entry("postern.submission.connection.command-timeout", "2s"),
                            Map.entry("postern.submission.connection.accept-timeout", "2s"));
            return new Replica(
                    imap,
                    smtp,
                    new SpringApplicationBuilder(PosternApplication.class)
                            .properties(properties)
                            .run());
        }

        URI uri() {
            var port = gateway.getEnvironment().getProperty("local.server.port");
            return URI.create("http://127.0.0.1:%s/v1/send".formatted(port));
        }

        /** The servers hear nothing more of it, as of a process that was killed. */
        void kill() {
            imap.toServer().stall();
            smtp.toServer().stall();
            imap.cut();
            smtp.cut();
        }

        /** What was held back is lost. */
        void revive() {
            imap.cut();
            smtp.cut();
            for (var each : List.of(imap, smtp)) {
                each.toServer().resume();
                each.toClient().resume();
            }
        }

        void close() {
            gateway.close();
            imap.close();
            smtp.close();
        }
    }

    private record Answer(int status, String code) {

        boolean sent() {
            return status == 200;
        }

        boolean unknown() {
            return code.equals("submission-unknown");
        }
    }

    @BeforeAll
    static void start() {
        REPLICAS.add(Replica.start());
        REPLICAS.add(Replica.start());
    }

    @AfterAll
    static void stop() {
        REPLICAS.forEach(Replica::close);
    }

    @Test
    void isSentOnceOrSaidToBeUnknown() throws Exception {
        System.out.println("send.seed=" + SEED + " send.rounds=" + ROUNDS);
        var sender = SERVER.newUser();
        var readers = List.of(SERVER.newUser(), SERVER.newUser());
        var answers = new LinkedHashMap<String, Answer>();
        for (int round = 0; round < ROUNDS; round++) {
            var subject = "round-%d-%d-".formatted(SEED, round);
            answers.put(subject, round(sender, readers, subject));
        }
        assertThat(last(sender, readers, answers).sent()).isTrue();
        System.out.println(answers);

        for (var reader : readers) {
            try (var program = PlainImapClient.of(SERVER, reader)) {
                for (var each : answers.entrySet()) {
                    if (each.getValue().sent()) {
                        arrived(program, each.getKey());
                    }
                }
                for (var each : answers.entrySet()) {
                    assertThat(count(program, each.getKey()))
                            .as(each.toString())
                            .isLessThanOrEqualTo(1);
                }
            }
        }
        assertThat(answers.values()).anyMatch(Answer::sent);
        assertThat(answers.values()).allMatch(it -> it.sent() || it.unknown());
    }

    /** Without a fault; another message where a busy machine left the fate of one unknown. */
    private Answer last(String sender, List<String> readers, Map<String, Answer> answers)
            throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int number = 0; ; number++) {
            var subject = "last-%d-%d-".formatted(SEED, number);
            var answer = repeated(REPLICAS.get(0), sender, readers, subject);
            answers.put(subject, answer);
            if (!answer.unknown() || System.nanoTime() > end) {
                return answer;
            }
        }
    }

    private Answer round(String sender, List<String> readers, String subject) throws Exception {
        var first = REPLICAS.get(random.nextInt(2));
        var other = REPLICAS.get(first == REPLICAS.get(0) ? 1 : 0);
        int kind = random.nextInt(3);
        var direction = direction(first);
        int octets = random.nextInt(most(first, direction));
        if (kind == 0) {
            direction.cutAfter(octets);
        } else {
            direction.stallAfter(octets);
        }
        var running = CompletableFuture.supplyAsync(() -> sent(first, sender, readers, subject));
        if (kind == 2) {
            // at once, while the first one is in the middle of it
            awaitFault(direction, running);
            sent(other, sender, readers, subject);
        } else if (kind == 1) {
            awaitFault(direction, running);
            first.kill();
        }
        var answer = repeated(kind == 0 ? first : other, sender, readers, subject);
        first.revive();
        running.join();
        // the process that seemed dead was late: what it did is told, too
        var after = repeated(other, sender, readers, subject);
        return answer.sent() ? answer : after;
    }

    private static void awaitFault(ProxyDirection direction, CompletableFuture<?> running) {
        while (!direction.holdsBack() && !running.isDone()) {
            Thread.onSpinWait();
        }
    }

    private ProxyDirection direction(Replica replica) {
        var proxy = random.nextBoolean() ? replica.imap() : replica.smtp();
        return random.nextBoolean() ? proxy.toServer() : proxy.toClient();
    }

    /** About as many octets as a request needs there. */
    private static int most(Replica replica, ProxyDirection direction) {
        if (direction == replica.imap().toServer()) {
            return 2_500;
        }
        if (direction == replica.imap().toClient()) {
            return 6_000;
        }
        return direction == replica.smtp().toServer() ? 1_200 : 700;
    }

    private Answer repeated(Replica replica, String sender, List<String> readers, String subject)
            throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var answer = send(replica, sender, readers, subject);
        while (!answer.sent() && !answer.unknown() && System.nanoTime() < end) {
            answer = send(replica, sender, readers, subject);
        }
        return answer;
    }

    private Answer sent(Replica replica, String sender, List<String> readers, String subject) {
        try {
            return send(replica, sender, readers, subject);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Answer send(Replica replica, String sender, List<String> readers, String subject)
            throws IOException, InterruptedException {
        var login =
                Base64.getEncoder()
                        .encodeToString((sender + ":" + SERVER.password()).getBytes(UTF_8));
        var body =
                "{'from': [{'email': '%s@example.org'}], 'to': [{'email': '%s@example.org'}, {'email': '%s@example.org'}], 'subject': '%s', 'internetMessageId': '%s@example.org', 'text': 'x'}"
                        .formatted(sender, readers.get(0), readers.get(1), subject, subject)
                        .replace('\'', '"');
        var answer =
                http.send(
                        HttpRequest.newBuilder(replica.uri())
                                .header("Authorization", "Basic " + login)
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", subject)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(), json.readTree(answer.body()).path("code").asString(""));
    }

    private static int count(PlainImapClient program, String subject) throws IOException {
        program.command("SELECT INBOX");
        return program.search("INBOX", "HEADER Subject \"" + subject + "\"").size();
    }

    private static void arrived(PlainImapClient program, String subject) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (count(program, subject) == 0) {
            assertThat(System.nanoTime()).as(subject + " is not lost").isLessThan(end);
            program.command("NOOP");
        }
    }
}
