package postern.operator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import postern.testclient.EventReader;
import postern.testclient.PlainImapClient;
import postern.testclient.SecondImapClient;
import postern.testserver.GatewayProcess;
import postern.testserver.RealServer;
import postern.testserver.ValkeyServer;
import postern.testserver.WebhookReceiver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Gateways in processes of their own, with one Valkey, that are stopped and killed. */
@Timeout(600)
class ReplicasIT {

    private static final RealServer SERVER = RealServer.DOVECOT_2_4;
    private static final JsonMapper JSON = new JsonMapper();

    /** More than the sockets between the two keep. */
    private static final int BIG = 24 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static ValkeyServer valkey;
    private static String keys;
    @TempDir private static Path logs;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        valkey = ValkeyServer.started();
        byte[] key = new byte[32];
        new Random(11).nextBytes(key);
        keys = Base64.getEncoder().encodeToString(key);
    }

    @AfterAll
    static void stop() {
        valkey.close();
    }

    private static GatewayProcess replica(String name, String... further)
            throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(further));
        all.add("postern.shared.timeout=10s");
        return replica(name, valkey, all);
    }

    private static GatewayProcess replica(String name, ValkeyServer store, List<String> further)
            throws IOException, InterruptedException {
        var properties =
                new ArrayList<>(
                        List.of(
                                "postern.imap.host=" + SERVER.host(),
                                "postern.imap.port=" + SERVER.port(),
                                "postern.imap.security=none",
                                "postern.session.keys=" + keys,
                                "postern.shared.url=" + store.url(),
                                "spring.lifecycle.timeout-per-shutdown-phase=60s"));
        properties.addAll(further);
        return GatewayProcess.start("300m", logs.resolve(name + ".log"), properties);
    }

    @Test
    void whatIsUnderWaySurvivesTheEndOfTheProcess() throws Exception {
        var user = SERVER.newUser();
        append(user, message("x".repeat(76) + "\r\n", BIG));
        // the upload is silent during the drain
        try (var gateway =
                replica(
                        "ending",
                        "postern.shutdown.drain=30s",
                        "postern.body.grace=200s",
                        "server.jetty.connection-idle-timeout=200s")) {
            var id = newest(gateway, basic(user));
            try (var download = open(gateway, "GET", "/messages/" + id + "/raw", user, "");
                    var upload =
                            open(
                                    gateway,
                                    "POST",
                                    "/mailboxes/inbox/messages",
                                    user,
                                    "Content-Type: message/rfc822\r\nContent-Length: %d\r\n"
                                            .formatted(BIG))) {
                var sent = message("y".repeat(76) + "\r\n", BIG).getBytes(US_ASCII);
                upload.getOutputStream().write(sent, 0, BIG / 2);
                var in = download.getInputStream();
                long length = contentLength(in);
                assertThat(in.readNBytes(1 << 20)).hasSize(1 << 20);

                gateway.terminate();
                await().atMost(PATIENCE).until(() -> get(gateway, "/readyz").statusCode() == 503);
                var left = new AtomicLong(length);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> {
                            assertThat(in.readNBytes(1 << 10)).hasSize(1 << 10);
                            left.addAndGet(-(1 << 10));
                            return !listens(gateway);
                        });

                upload.getOutputStream().write(sent, BIG / 2, BIG - BIG / 2);
                assertThat(line(upload.getInputStream())).contains(" 201 ");
                assertThat(in.readNBytes(BIG)).hasSize((int) left.get() - (1 << 20));
            }

            assertThat(gateway.ended(PATIENCE)).isTrue();
        }
        try (var imap = PlainImapClient.of(SERVER, user)) {
            assertThat(imap.count("INBOX")).isEqualTo(2);
        }
    }

    @Test
    void aKilledReplicaTakesNothingWithIt() throws Exception {
        var user = SERVER.newUser();
        append(user, message("first\r\n", 1_000));
        try (var one = replica("killed");
                var other = replica("left")) {
            var kept = session(one, user);
            var ended = session(one, user);
            assertThat(delete(one, ended)).isEqualTo(204);
            String state;
            try (var events = events(one, kept, null)) {
                requireNonNull(events.block());
                state = requireNonNull(events.lastEventId());
            }

            one.close();
            append(user, message("second\r\n", 1_000));

            assertThat(get(other, "/v1/mailboxes", ended).statusCode()).isEqualTo(401);
            assertThat(get(other, "/v1/mailboxes", kept).statusCode()).isEqualTo(200);
            try (var events = events(other, kept, state)) {
                var added = requireNonNull(events.next());
                assertThat(added.type()).isEqualTo("message.added");
            }
        }
    }

    /** The gateway in the middle of a sync and of a delivery, then the mail server. */
    @Test
    void whoIsKilledInTheMiddleLosesNoEvent() throws Exception {
        var user = SERVER.newUser();
        try (var program = SecondImapClient.of(SERVER, user);
                var receiver = WebhookReceiver.start()) {
            program.append("INBOX", Set.of(), withId("first"));
            var hook = receiver.hook("hook");
            String kept;
            String before;
            JsonNode inFlight;
            try (var one = replica("killed in the middle", WEBHOOKS)) {
                kept = session(one, user);
                subscribe(one, kept, hook.url());
                hook.next("subscription.verified");
                try (var events = events(one, kept, null)) {
                    before = requireNonNull(requireNonNull(events.block()).id());
                }
                hook.waitFor(new CountDownLatch(1));
                program.append("INBOX", Set.of(), withId("second"));
                program.store("INBOX", List.of("<first@example.org>"), true, "$flagged");
                inFlight = hook.next("message.added").events().getFirst();
                try (var events = events(one, kept, before)) {
                    var half = requireNonNull(events.next());
                    assertThat(half.type()).isEqualTo("message.added");
                    assertThat(half.id()).isNull();
                    one.close();
                    assertThat(one.ended(PATIENCE)).isTrue();
                }
            }
            leasesEnd();
            hook.waitFor(new CountDownLatch(0));
            try (var other = replica("going on", WEBHOOKS)) {
                assertThat(hook.next("message.added").events()).contains(inFlight);
                try (var events = events(other, kept, before)) {
                    assertThat(requireNonNull(events.next()).type()).isEqualTo("message.added");
                    var last = requireNonNull(events.next());
                    assertThat(last.type()).isEqualTo("message.updated");
                    assertThat(last.id()).isNotNull();

                    SERVER.kill();
                    SERVER.restart();
                    append(user, "Message-ID: <third@example.org>\r\n\r\nText\r\n");

                    assertThat(requireNonNull(events.next()).type()).isEqualTo("message.added");
                    assertThat(hook.next("message.added").events()).doesNotContain(inFlight);
                }
            }
        }
    }

    private static final String[] WEBHOOKS = {
        "postern.webhooks.permitted-hosts=127.0.0.1",
        "postern.subscriptions.look=200ms",
        "postern.subscriptions.lease=1h",
        "postern.webhooks.timeout=200s"
    };

    /** As after their time, which is long here: a busy machine is late with renewing them. */
    private static void leasesEnd() {
        var client = RedisClient.create(valkey.url().toString());
        try (var connection = client.connect()) {
            var leases = connection.sync().keys("postern:subscription-leases:*");
            assertThat(leases).isNotEmpty();
            connection.sync().del(leases.toArray(String[]::new));
        } finally {
            client.shutdown();
        }
    }

    private void subscribe(GatewayProcess gateway, String token, String url) throws Exception {
        var request =
                HttpRequest.newBuilder(gateway.uri("/subscriptions"))
                        .header("Content-Type", "application/json")
                        .header("Authorization", token)
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"url\": \"%s\", \"mailboxIds\": [\"inbox\"], \"events\": [\"message.added\"]}"
                                                .formatted(url)))
                        .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }

    private static byte[] withId(String id) {
        return "Message-ID: <%s@example.org>\r\n\r\nText\r\n".formatted(id).getBytes(US_ASCII);
    }

    @Test
    void withoutTheStoreMailIsReadAndALogoutIsNotPretended() throws Exception {
        var user = SERVER.newUser();
        try (var own = ValkeyServer.started();
                var gateway = replica("alone", own, List.of("postern.shared.timeout=6s"))) {
            var token = session(gateway, user);
            own.pause();

            assertThat(get(gateway, "/v1/mailboxes", token).statusCode()).isEqualTo(200);
            assertThat(delete(gateway, token)).isEqualTo(503);
            assertThat(get(gateway, "/v1/mailboxes", token).statusCode()).isEqualTo(200);

            own.goOn();
        }
    }

    private static EventReader events(GatewayProcess gateway, String token, @Nullable String id)
            throws IOException {
        return new EventReader(gateway.port(), token, "/events?mailboxId=inbox", id, 0);
    }

    private static String message(String line, int octets) {
        var head = "From: a@example.org\r\nSubject: big\r\n\r\n";
        var text = new StringBuilder(octets + line.length()).append(head);
        while (text.length() + line.length() <= octets) {
            text.append(line);
        }
        while (text.length() < octets) {
            text.append('z');
        }
        return text.toString();
    }

    private static void append(String user, String message) throws IOException {
        try (var imap = PlainImapClient.of(SERVER, user)) {
            imap.append("INBOX", message);
        }
    }

    private static String basic(String user) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + SERVER.password()).getBytes(US_ASCII));
    }

    private static Socket open(
            GatewayProcess gateway, String method, String path, String user, String headers)
            throws IOException {
        var socket = new Socket("127.0.0.1", gateway.port());
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(
                        "%s /v1%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: %s\r\n%s\r\n"
                                .formatted(method, path, basic(user), headers)
                                .getBytes(US_ASCII));
        return socket;
    }

    private static long contentLength(InputStream in) throws IOException {
        assertThat(line(in)).contains(" 200 ");
        long length = -1;
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "Content-Length: ", 0, 16)) {
                length = Long.parseLong(line.substring(16));
            }
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("ended after " + line);
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    private static boolean listens(GatewayProcess gateway) {
        try (var _ = new Socket("127.0.0.1", gateway.port())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private String newest(GatewayProcess gateway, String authorization) throws Exception {
        var list = get(gateway, "/v1/mailboxes/inbox/messages", authorization);
        return json(list).at("/items/0/id").asString();
    }

    private String session(GatewayProcess gateway, String user) throws Exception {
        var request =
                HttpRequest.newBuilder(gateway.uri("/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"username\": \"%s\", \"password\": \"%s\"}"
                                                .formatted(user, SERVER.password())))
                        .build();
        return "Bearer "
                + json(http.send(request, BodyHandlers.ofString())).path("token").asString();
    }

    private int delete(GatewayProcess gateway, String token) throws Exception {
        var request =
                HttpRequest.newBuilder(gateway.uri("/sessions/current"))
                        .header("Authorization", token)
                        .DELETE()
                        .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private HttpResponse<String> get(GatewayProcess gateway, String path, String... token)
            throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
        for (var it : token) {
            request.header("Authorization", it);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }
}
