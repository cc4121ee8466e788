package postern.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import postern.testclient.HttpApi;
import postern.testclient.PlainImapClient;
import postern.testserver.GatewayProcess;
import postern.testserver.NginxServer;
import postern.testserver.PostfixServer;
import postern.testserver.ValkeyServer;

/**
 * Three replicas behind nginx, with a Valkey, under a steady mix of requests. One is killed, one is
 * asked to end, and at last the Valkey is killed. {@code fleet.seconds} is how long each of these
 * lasts.
 */
@Timeout(3600)
class ReplicasUnderLoadIT {

    private static final PostfixServer SERVER = PostfixServer.POSTFIX;
    private static final int USERS = 6;
    private static final Duration PHASE =
            Duration.ofSeconds(Integer.getInteger("fleet.seconds", 6));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Future<GatewayProcess>> starting = new ArrayList<>();
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private final List<FleetUser> users = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ValkeyServer valkey;
    private @Nullable NginxServer nginx;
    @TempDir private Path logs;

    @BeforeEach
    void start() throws Exception {
        valkey = ValkeyServer.started();
        var key = new byte[32];
        new Random(11).nextBytes(key);
        var properties =
                List.of(
                        "postern.imap.host=" + SERVER.host(),
                        "postern.imap.port=" + SERVER.port(),
                        "postern.imap.security=none",
                        "postern.submission.host=" + SERVER.host(),
                        "postern.submission.port=" + SERVER.submissionPort(),
                        "postern.submission.security=none",
                        "postern.session.keys=" + Base64.getEncoder().encodeToString(key),
                        "postern.shared.url=" + valkey.url(),
                        "postern.shared.timeout=10s",
                        "postern.shutdown.drain=1s",
                        "server.forward-headers-strategy=native");
        for (int i = 0; i < 3; i++) {
            var log = logs.resolve("gateway" + i + ".log");
            starting.add(threads.submit(() -> GatewayProcess.start("256m", log, properties)));
        }
        for (var each : starting) {
            gateways.add(each.get());
        }
        nginx = NginxServer.inFrontOf(gateways.stream().map(GatewayProcess::port).toList());
        for (int i = 0; i < USERS; i++) {
            users.add(FleetUser.logIn(nginx.port(), SERVER.newUser(), SERVER.password()));
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        users.forEach(FleetUser::end);
        for (var each : starting) {
            try {
                each.get().close();
            } catch (ExecutionException _) {
                // it did not start
            }
        }
        threads.shutdownNow();
        if (nginx != null) {
            nginx.close();
        }
        valkey.close();
    }

    @Test
    void retryingClientsLoseNothingAndDoubleNothing() throws Exception {
        var ended = new ArrayList<HttpApi>();
        var running = new LinkedHashMap<String, Future<?>>();
        for (var user : users) {
            ended.add(user.endedSession());
            running.put("listens " + user.name(), threads.submit(user::listen));
            for (var work : user.work().entrySet()) {
                Callable<?> endless = () -> user.repeat(work.getValue());
                running.put(work.getKey() + " " + user.name(), threads.submit(endless));
            }
        }
        goOn(running);

        var victim = serving(users.getFirst());
        victim.close();
        goOn(running);
        assertForgotten(ended);

        var leaving = gateways.stream().filter(GatewayProcess::alive).findFirst().orElseThrow();
        leaving.terminate();
        goOn(running);
        assertThat(leaving.ended(Duration.ofSeconds(60))).isTrue();
        assertForgotten(ended);

        users.forEach(FleetUser::endChangesWithKeys);
        await(running, "creates", "sends");
        valkey.close();
        goOn(running);
        assertForgotten(ended);

        users.forEach(FleetUser::endRequests);
        await(running, "reads", "flags");
        for (var user : users) {
            assertDone(user);
        }
        users.forEach(FleetUser::end);
        await(running, "listens");
        System.out.println("fleet: " + users);
    }

    /** The requests go on; one that fails in the end ends the test at once. */
    private static void goOn(Map<String, Future<?>> running) throws Exception {
        long end = System.nanoTime() + PHASE.toNanos();
        while (System.nanoTime() < end) {
            for (var each : running.values()) {
                if (each.isDone()) {
                    each.get();
                }
            }
            Thread.sleep(100);
        }
    }

    private static void await(Map<String, Future<?>> running, String... kinds) throws Exception {
        for (var kind : kinds) {
            for (var each : running.entrySet()) {
                if (each.getKey().startsWith(kind)) {
                    each.getValue().get();
                }
            }
        }
    }

    private GatewayProcess serving(FleetUser user) throws IOException {
        var address = user.api().get("/mailboxes").headers().firstValue(NginxServer.REPLICA);
        return gateways.stream()
                .filter(it -> address.orElseThrow().endsWith(":" + it.port()))
                .findFirst()
                .orElseThrow();
    }

    private static void assertForgotten(List<HttpApi> ended) throws IOException {
        for (var session : ended) {
            assertThat(session.get("/mailboxes").status()).as("a logout").isEqualTo(401);
        }
    }

    private static void assertDone(FleetUser user) throws IOException {
        try (var program = PlainImapClient.of(SERVER, user.name())) {
            for (var subject : user.created()) {
                assertThat(count(program, "Drafts", subject)).as(subject).isEqualTo(1);
            }
            for (var subject : user.doubtful()) {
                var mailbox = subject.startsWith("sent") ? "INBOX" : "Drafts";
                assertThat(count(program, mailbox, subject)).as(subject).isLessThanOrEqualTo(1);
            }
            for (var subject : user.sent()) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(count(program, "INBOX", subject))
                                        .as(subject)
                                        .isEqualTo(1));
            }
        }
        assertThat(user.reads()).isPositive();
        assertThat(user.created()).isNotEmpty();
        assertThat(user.sent()).isNotEmpty();
        // each of them came to the inbox, and was told on whatever replica the stream was
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(user.told()).as(user.name()).containsAll(user.sent()));
    }

    private static int count(PlainImapClient program, String mailbox, String subject)
            throws IOException {
        return program.search(mailbox, "HEADER SUBJECT \"" + subject + "\"").size();
    }
}
