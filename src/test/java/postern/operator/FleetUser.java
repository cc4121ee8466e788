package postern.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import postern.testclient.EventReader;
import postern.testclient.HttpApi;
import postern.testclient.HttpApi.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An app of one user that sends each request again until it is answered. */
final class FleetUser {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PATIENCE_WITH_KEYS = Duration.ofSeconds(10);
    private static final Duration PACE = Duration.ofMillis(60);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);

    private final int port;
    private final String user;
    private final String password;
    private final String token;
    private final HttpApi api;
    private final Set<String> created = ConcurrentHashMap.newKeySet();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger tries = new AtomicInteger();
    private final CountDownLatch listening = new CountDownLatch(1);
    private volatile boolean noMoreKeys;
    private volatile boolean noMoreRequests;
    private volatile boolean ended;
    private volatile @Nullable EventReader stream;

    private FleetUser(int port, String user, String password, String token) {
        this.port = port;
        this.user = user;
        this.password = password;
        this.token = token;
        this.api = new HttpApi(port, token);
    }

    static FleetUser logIn(int port, String user, String password) throws Exception {
        return new FleetUser(port, user, password, session(port, user, password));
    }

    private static String session(int port, String user, String password) throws Exception {
        var body = "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(user, password);
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/sessions"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            return JSON.readTree(answer.body()).path("token").asString();
        }
    }

    /** A session that has been ended. */
    HttpApi endedSession() throws Exception {
        var session = new HttpApi(port, session(port, user, password));
        session.delete("/sessions/current").expect(204);
        return session;
    }

    String name() {
        return user;
    }

    HttpApi api() {
        return api;
    }

    /** The subjects of drafts, each of which was answered 201 in the end. */
    Set<String> created() {
        return created;
    }

    /** The subjects of messages that were sent, as it was answered in the end. */
    Set<String> sent() {
        return sent;
    }

    /** The subjects of which the gateway says that nobody knows, or of which a key still runs. */
    Set<String> doubtful() {
        return doubtful;
    }

    /** The subjects that the events have told. */
    Set<String> told() {
        return told;
    }

    int reads() {
        return reads.get();
    }

    int streams() {
        return streams.get();
    }

    void endChangesWithKeys() {
        noMoreKeys = true;
    }

    void endRequests() {
        noMoreRequests = true;
    }

    void end() {
        ended = true;
        endChangesWithKeys();
        endRequests();
        var open = stream;
        if (open != null) {
            try {
                open.close();
            } catch (IOException _) {
                // it has ended
            }
        }
    }

    /** What an app does, over and over; false ends it. */
    interface Work {

        boolean again() throws Exception;
    }

    Map<String, Work> work() {
        return Map.of(
                "reads",
                this::read,
                "flags",
                this::flag,
                "creates",
                this::create,
                "sends",
                this::send);
    }

    @Nullable Void repeat(Work work) throws Exception {
        listening.await();
        while (work.again()) {
            LockSupport.parkNanos(PACE.toNanos());
        }
        return null;
    }

    private boolean read() throws Exception {
        var list = retried("GET", "/mailboxes/inbox/messages?limit=20", null, null);
        assertThat(list.status()).as(list.text()).isEqualTo(200);
        for (var item : list.json().path("items").values().stream().limit(1).toList()) {
            var path = "/messages/" + item.path("id").asString() + "?include=text";
            var message = retried("GET", path, null, null);
            assertThat(message.status()).as(message.text()).isEqualTo(200);
        }
        reads.incrementAndGet();
        return !noMoreRequests;
    }

    private boolean flag() throws Exception {
        var list = retried("GET", "/mailboxes/inbox/messages?limit=1", null, null);
        for (var item : list.json().path("items").values()) {
            var body = "{\"keywords\": {\"$flagged\": %s}}".formatted(reads.get() % 2 == 0);
            var path = "/messages/" + item.path("id").asString();
            var changed = retried("PATCH", path, body, null);
            assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        }
        return !noMoreRequests;
    }

    private boolean create() throws Exception {
        var subject = "created-%s-%d-".formatted(user, numbers.incrementAndGet());
        var body = "{\"subject\": \"%s\", \"text\": \"x\"}".formatted(subject);
        record(retried("POST", "/mailboxes/drafts/messages", body, subject), 201, subject, created);
        return !noMoreKeys;
    }

    private boolean send() throws Exception {
        var subject = "sent-%s-%d-".formatted(user, numbers.incrementAndGet());
        var body =
                ("{\"from\": [{\"email\": \"%1$s@example.org\"}], \"to\": [{\"email\":"
                                + " \"%1$s@example.org\"}], \"subject\": \"%2$s\", \"text\": \"x\"}")
                        .formatted(user, subject);
        record(retried("POST", "/send", body, subject), 200, subject, sent);
        return !noMoreKeys;
    }

    private void record(Answer answer, int done, String subject, Set<String> whereDone) {
        if (answer.status() == done) {
            whereDone.add(subject);
        } else {
            assertThat(List.of("request-in-progress", "outcome-unknown", "submission-unknown"))
                    .as(answer.status() + " " + answer.text())
                    .contains(code(answer));
            doubtful.add(subject);
        }
    }

    private static String code(Answer answer) {
        try {
            return answer.json().path("code").asString("");
        } catch (RuntimeException _) {
            return ""; // of nginx, which has no JSON
        }
    }

    private Answer retried(String method, String path, @Nullable String json, @Nullable String key)
            throws Exception {
        long begin = System.nanoTime();
        while (true) {
            try {
                var type =
                        method.equals("PATCH")
                                ? "application/merge-patch+json"
                                : "application/json";
                var answer =
                        api.send(
                                method,
                                path,
                                json == null ? null : type,
                                json == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(json),
                                key == null
                                        ? new String[0]
                                        : new String[] {"Idempotency-Key", key});
                boolean mayEnd = System.nanoTime() - begin > PATIENCE.toNanos();
                if (mayEnd || !again(answer, System.nanoTime() - begin)) {
                    return answer;
                }
            } catch (IOException e) {
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw e;
                }
            }
            tries.incrementAndGet();
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
    }

    private static boolean again(Answer answer, long passed) {
        return switch (code(answer)) {
            case "outcome-unknown", "submission-unknown" -> false;
            case "request-in-progress" -> passed < PATIENCE_WITH_KEYS.toNanos();
            default -> List.of(429, 502, 503, 504).contains(answer.status());
        };
    }

    /** Listens to the inbox, and connects again with the last id, on whatever replica. */
    @Nullable Void listen() throws Exception {
        @Nullable String last = null;
        while (!ended) {
            try (var events = EventReader.open(port, token, "/events?mailboxId=inbox", last)) {
                stream = events;
                if (events.status() == 200) {
                    streams.incrementAndGet();
                    last = read(events, last);
                }
            } catch (IOException _) {
                // cut; again
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
        return null;
    }

    private @Nullable String read(EventReader events, @Nullable String before) {
        var last = before;
        try {
            for (var event = events.block(); event != null; event = events.block()) {
                tell(event.data());
                assertThat(event.type()).isNotEqualTo("resync");
                last = events.lastEventId();
                listening.countDown();
            }
        } catch (IOException _) {
            // cut; what was read counts
        }
        return last;
    }

    private void tell(JsonNode data) {
        data.path("added").values().forEach(it -> told.add(it.path("subject").asString("")));
    }

    @Override
    public String toString() {
        return "%s: reads=%d created=%d sent=%d doubtful=%d streams=%d repeated=%d"
                .formatted(
                        user,
                        reads.get(),
                        created.size(),
                        sent.size(),
                        doubtful.size(),
                        streams.get(),
                        tries.get());
    }
}
