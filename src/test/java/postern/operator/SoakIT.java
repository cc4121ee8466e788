package postern.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import postern.testclient.HttpApi;
import postern.testclient.PlainImapClient;
import postern.testserver.GatewayProcess;
import postern.testserver.Ports;
import postern.testserver.RealServer;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small gateway serves a mix of requests for {@code soak.seconds}, in rounds. After each round it
 * has no more threads, descriptors, connections and heap than after the first.
 */
@Timeout(7200)
class SoakIT {

    private static final RealServer SERVER = RealServer.DOVECOT_2_4;
    private static final int SECONDS = Integer.getInteger("soak.seconds", 24);
    private static final int ROUNDS = 4;
    private static final long SEED = Long.getLong("soak.seed", 5);
    private static final int USERS = 4;
    private static final int SPARE = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final JsonMapper JSON = new JsonMapper();

    private final AtomicLong requests = new AtomicLong();
    @TempDir private Path logs;

    /**
     * What a gateway at rest takes.
     *
     * @param heap in octets, after a collection
     */
    private record Sample(long heap, int threads, int descriptors, double pooled) {}

    @Test
    void aSmallGatewayTakesNoMoreAfterManyRequests() throws Exception {
        int management = Ports.free();
        var properties =
                List.of(
                        "postern.imap.host=" + SERVER.host(),
                        "postern.imap.port=" + SERVER.port(),
                        "postern.imap.security=none",
                        "postern.imap.pool.idle-timeout=2s",
                        // what is remembered of a request is forgotten within a round
                        "postern.idempotency.lifetime=2s",
                        "postern.session.lifetime=1m",
                        "server.jetty.connection-idle-timeout=30s",
                        "management.server.port=" + management,
                        "management.endpoints.web.exposure.include=prometheus");
        var users = new ArrayList<String>();
        for (int i = 0; i < USERS; i++) {
            var user = SERVER.newUser();
            users.add(user);
            try (var imap = PlainImapClient.of(SERVER, user)) {
                for (int n = 0; n < 30; n++) {
                    imap.append("INBOX", message(n, n == 0 ? 2_000_000 : 2_000));
                }
            }
        }
        try (var gateway = GatewayProcess.start("150m", logs.resolve("soak.log"), properties)) {
            round(gateway, users, SECONDS / 2); // caches fill, and classes are loaded
            // those of clients that are gone count as little at the first sample as later
            await().atMost(PATIENCE).until(() -> connections(gateway) == 0);
            var first = sample(gateway, management);
            System.out.println("soak.seed=" + SEED + " requests=" + requests + " " + first);
            for (int i = 0; i < ROUNDS; i++) {
                round(gateway, users, Math.max(1, SECONDS / ROUNDS));

                await().atMost(PATIENCE)
                        .untilAsserted(() -> {
                            var now = sample(gateway, management);
                            System.out.println("requests=" + requests + " " + now);
                            // one of each user may wait for news: an end is noticed at a heartbeat
                            assertThat(now.pooled()).isLessThanOrEqualTo(USERS);
                            assertThat(now.threads()).isLessThanOrEqualTo(first.threads() + SPARE);
                            assertThat(now.descriptors())
                                    .isLessThanOrEqualTo(first.descriptors() + SPARE);
                            assertThat(now.heap()).isLessThan(first.heap() + first.heap() / 4);
                        });
            }
            System.out.println("peak=" + peak(gateway));
            assertThat(gateway.log()).doesNotContain("OutOfMemory").doesNotContain(" ERROR ");
        }
    }

    private static String message(int number, int octets) {
        return "From: a@example.org\r\nSubject: number %d\r\n\r\n%s\r\n"
                .formatted(number, "x".repeat(70).concat("\r\n").repeat(octets / 72));
    }

    private void round(GatewayProcess gateway, List<String> users, int seconds) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        var running = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var user : users) {
                long seed = SEED + user.hashCode();
                running.add(
                        threads.submit(() -> {
                            var random = new Random(seed);
                            while (System.nanoTime() < end) {
                                session(gateway, user, random);
                            }
                            return null;
                        }));
            }
        }
        for (var each : running) {
            each.get();
        }
    }

    /** A user logs in, does some things, and logs out or does not. */
    private void session(GatewayProcess gateway, String user, Random random) throws Exception {
        var api = new HttpApi(gateway.port(), token(gateway, user));
        var list = api.get("/mailboxes/inbox/messages?limit=50").expect(200).json();
        var items = list.path("items").values().stream().toList();
        for (int i = 0; i < 20; i++) {
            var id = items.get(random.nextInt(items.size())).path("id").asString();
            switch (random.nextInt(8)) {
                case 0 -> api.get("/mailboxes").expect(200);
                case 1 -> api.get("/messages/" + id + "?include=text").expect(200);
                case 2 -> api.get("/messages/" + id + "/raw").expect(200);
                case 3 ->
                        api.patch(
                                        "/messages/" + id,
                                        "{'keywords': {'$flagged': %s}}"
                                                .formatted(random.nextBoolean()))
                                .expect(200);
                case 4 -> {
                    var key = Long.toHexString(random.nextLong());
                    var draft =
                            api.send(
                                    "POST",
                                    "/mailboxes/drafts/messages",
                                    "{\"subject\": \"soak\", \"text\": \"x\"}",
                                    "Idempotency-Key",
                                    key);
                    var stored = draft.expect(201).json().path("id").asString();
                    api.delete("/messages/" + stored + "?permanent=true");
                }
                case 5 -> api.post("/search", "{'filter': {'subject': 'number'}}").expect(200);
                case 6 -> {
                    try (var events = api.events("/events?mailboxId=inbox")) {
                        events.block();
                    }
                }
                default -> api.get("/messages/nonsense").status();
            }
            requests.incrementAndGet();
        }
        if (random.nextBoolean()) {
            api.delete("/sessions/current").expect(204);
        }
    }

    private static String token(GatewayProcess gateway, String user) throws Exception {
        var body =
                "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(user, SERVER.password());
        try (var http = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(gateway.uri("/sessions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            var answer = http.send(request, BodyHandlers.ofString()).body();
            return JSON.readTree(answer).path("token").asString();
        }
    }

    private static Sample sample(GatewayProcess gateway, int management) throws Exception {
        var proc = Path.of("/proc", Long.toString(gateway.pid()));
        return new Sample(
                heap(gateway),
                count(proc.resolve("task")),
                count(proc.resolve("fd")),
                pooled(management));
    }

    private static int count(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return (int) files.count();
        }
    }

    /** Of clients, which keep them for the next request. */
    private static long connections(GatewayProcess gateway) throws IOException {
        var port = ":%04X".formatted(gateway.port());
        long open = 0;
        for (var table : List.of("tcp", "tcp6")) {
            var path = Path.of("/proc", Long.toString(gateway.pid()), "net", table);
            open +=
                    Files.readAllLines(path).stream()
                            .map(line -> line.strip().split(" +"))
                            .filter(it -> it[1].endsWith(port) && it[3].equals("01"))
                            .count();
        }
        return open;
    }

    /** The histogram counts what is reachable. */
    private static long heap(GatewayProcess gateway) throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var command =
                new ProcessBuilder(jcmd, Long.toString(gateway.pid()), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        var histogram = new String(command.getInputStream().readAllBytes(), UTF_8);
        var total = Pattern.compile("Total +[0-9]+ +([0-9]+)").matcher(histogram);
        assertThat(total.find()).as(histogram).isTrue();
        return Long.parseLong(total.group(1));
    }

    private static double pooled(int management) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var url = URI.create("http://127.0.0.1:" + management + "/actuator/prometheus");
            var metrics =
                    http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
            assertThat(metrics).contains("postern_imap_connections{");
            return metrics.lines()
                    .filter(line -> line.startsWith("postern_imap_connections{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 1)))
                    .sum();
        }
    }

    /** The most memory that the process ever had, as the kernel counts it. */
    private static String peak(GatewayProcess gateway) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(gateway.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElseThrow();
    }
}
