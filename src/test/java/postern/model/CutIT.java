package postern.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.operations.OperationContext;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;

/**
 * Whatever octet of a request's dialogue is the last one that passes, the answer is true: a 2xx was
 * done and is whole, what is {@code retryable} was not done, and what nobody knows is said to be
 * unknown. With an Idempotency-Key nothing is done twice. See {@code docs/testing.md}.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.imap.host=localhost",
            "postern.imap.connection.read-timeout=2s",
            "postern.imap.connection.command-timeout=3s",
            "postern.imap.pool.refusal-pause=1ms"
        })
@NullMarked
class CutIT {

    private static final int CUTS = Integer.getInteger("cut.points", 5);

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;
    @Autowired private MeterRegistry meters;

    /** One kind of request, on a letter of its own each time. */
    enum Kind {
        LIST("GET", "/mailboxes/inbox/messages?limit=3"),
        SORT("GET", "/mailboxes/inbox/messages?limit=3&sort=-subject"),
        THREADS("GET", "/mailboxes/inbox/threads?limit=3"),
        SEARCH("POST", "/search", "{\"filter\":{\"subject\":\"SUBJECT\"}}"),
        MAILBOXES("GET", "/mailboxes"),
        READ("GET", "/messages/ID?include=text,html,headers"),
        HTML("GET", "/messages/ID/html"),
        RAW("GET", "/messages/ID/raw"),
        PART("GET", "/messages/ID/parts/2"),
        ZIP("GET", "/messages/ID/attachments.zip"),
        EXPORT("GET", "/mailboxes/inbox/export?format=mbox"),
        FLAG("PATCH", "/messages/ID", "{\"keywords\":{\"red\":true}}"),
        MOVE("PATCH", "/messages/ID", "{\"mailboxId\":\"archive\"}"),
        COPY("POST", "/messages/ID/copy", "{\"mailboxId\":\"archive\"}"),
        DELETE("DELETE", "/messages/ID"),
        DELETE_FOR_GOOD("DELETE", "/messages/ID?permanent=true"),
        BATCH("POST", "/messages/batch", "{\"ids\":[\"ID\"],\"moveTo\":\"archive\"}"),
        BATCH_COPY("POST", "/messages/batch", "{\"ids\":[\"ID\"],\"copyTo\":\"archive\"}"),
        BATCH_DELETE("POST", "/messages/batch", "{\"ids\":[\"ID\"],\"delete\":\"permanent\"}"),
        CREATE(
                "POST",
                "/mailboxes/archive/messages",
                "{\"subject\":\"x\",\"text\":\"y\",\"internetMessageId\":\"new-SUBJECT@example.org\","
                        + "\"from\":[{\"email\":\"a@b.c\"}]}"),
        REPLACE(
                "PUT",
                "/messages/ID/content",
                "{\"subject\":\"x\",\"text\":\"y\",\"internetMessageId\":\"new-SUBJECT@example.org\","
                        + "\"from\":[{\"email\":\"a@b.c\"}]}"),
        CREATE_MAILBOX("POST", "/mailboxes", "{\"name\":\"SUBJECT\"}");

        private final String method;
        private final String path;
        private final String body;

        Kind(String method, String path) {
            this(method, path, "");
        }

        Kind(String method, String path, String body) {
            this.method = method;
            this.path = path;
            this.body = body;
        }

        boolean keyed() {
            return switch (this) {
                case COPY, BATCH, BATCH_COPY, BATCH_DELETE, CREATE, REPLACE, CREATE_MAILBOX -> true;
                default -> false;
            };
        }

        boolean batch() {
            return this == BATCH || this == BATCH_COPY || this == BATCH_DELETE;
        }

        boolean reads() {
            return ordinal() <= EXPORT.ordinal();
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysNothingFalse(Kind kind) throws IOException {
        var server = RealServer.DOVECOT_2_4;
        var user = server.newUser();
        try (var proxy = FaultyProxy.inFrontOf(server.host(), server.port());
                var truth = SecondImapClient.of(server, user)) {
            var scene = new Scene(server, user, proxy, truth);
            scene.furnish();
            var faults = new ArrayList<String>();
            for (boolean toServer : List.of(true, false)) {
                var lane = toServer ? proxy.toServer() : proxy.toClient();
                scene.prepare(kind);
                long before = lane.octets();
                scene.send(kind, "whole");
                long octets = lane.octets() - before;
                for (long cut = 0; cut < octets; cut += Math.max(1, octets / CUTS)) {
                    scene.prepare(kind);
                    var expected = kind.reads() ? scene.send(kind, "expected") : null;
                    lane.cutAfter(cut);
                    var answer = scene.send(kind, "key");
                    lane.cutAfter(Long.MAX_VALUE);
                    var fault = scene.judge(kind, expected, answer);
                    if (fault != null) {
                        faults.add(
                                "cut after %d of %d octets to the %s: %s"
                                        .formatted(
                                                cut,
                                                octets,
                                                toServer ? "server" : "client",
                                                fault));
                    }
                }
            }
            assertThat(faults).isEmpty();
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            meters.get("postern.imap.connections")
                                            .tag("state", "lent")
                                            .gauge()
                                            .value()
                                    == 0);
            assertThat(proxy.openConnections()).isLessThanOrEqualTo(5);
        }
    }

    /** What came back; null for an answer that was broken off. */
    private record Outcome(HttpApi.@Nullable Answer answer) {}

    private final class Scene {
        private final SecondImapClient truth;
        private final HttpApi api;
        private int number;
        private String id = "";
        private String subject = "";
        private String home = "INBOX";

        Scene(RealServer server, String user, FaultyProxy proxy, SecondImapClient truth) {
            this.truth = truth;
            var imap = new ImapServer(proxy.host(), proxy.port(), Security.NONE);
            var account = new Account(imap, user, new Password(server.password()));
            api = new HttpApi(port, tokens.seal(tokens.start(account)));
        }

        void furnish() throws IOException {
            for (var role : List.of("drafts", "trash", "archive")) {
                if (api.get("/mailboxes/" + role).status() == 404) {
                    api.post("/mailboxes", "{'role': '%s'}".formatted(role)).expect(201);
                }
            }
        }

        void prepare(Kind kind) throws IOException {
            subject = "cut" + ++number;
            home = kind == Kind.REPLACE ? "Drafts" : "INBOX";
            truth.append(home, Set.of(), OperationContext.octets(subject).getBytes());
            var mailbox = kind == Kind.REPLACE ? "drafts" : "inbox";
            var list = api.get("/mailboxes/" + mailbox + "/messages?limit=1").expect(200).json();
            var row = list.path("items").path(0);
            assertThat(row.path("subject").asString()).isEqualTo(subject);
            id = row.path("id").asString();
        }

        Outcome send(Kind kind, String key) throws IOException {
            var body = kind.body.isEmpty() ? null : filled(kind.body);
            try {
                return new Outcome(
                        kind.keyed()
                                ? api.send(
                                        kind.method,
                                        filled(kind.path),
                                        body,
                                        "Idempotency-Key",
                                        key + subject)
                                : api.send(kind.method, filled(kind.path), body));
            } catch (IOException e) {
                return new Outcome(null);
            }
        }

        private String filled(String text) {
            return text.replace("ID", id).replace("SUBJECT", subject);
        }

        private static int status(HttpApi.Answer answer) {
            return answer.json().path("results").path(0).path("status").asInt();
        }

        @Nullable String judge(Kind kind, @Nullable Outcome expected, Outcome outcome)
                throws IOException {
            var answer = outcome.answer;
            if (answer == null) {
                return kind.reads() ? null : "broken off: a change has no answer";
            }
            if (answer.status() / 100 != 2) {
                var problem = answer.json();
                if (answer.status() < 501 || !problem.has("retryable")) {
                    return "status: " + answer.status() + " " + answer.text();
                }
                return kind.reads() ? null : undone(kind, answer);
            }
            if (kind.reads()) {
                var whole = expected == null ? null : expected.answer;
                return whole != null && Arrays.equals(whole.body(), answer.body())
                                || kind == Kind.ZIP
                        ? null
                        : "another answer: " + answer.text();
            }
            if (kind.batch() && status(answer) != 200) {
                return undone(kind, answer);
            }
            int times = times(kind);
            return times == 1 ? null : "done " + times + " times: " + answer.text();
        }

        private @Nullable String undone(Kind kind, HttpApi.Answer answer) throws IOException {
            int times = times(kind);
            boolean batch = answer.status() == 200;
            var problem = batch ? answer.json().at("/results/0/problem") : answer.json();
            if (problem.path("retryable").asBoolean()) {
                // A batch that was answered is answered so again, unless it left anything open.
                return times > 0
                        ? "stored and retryable: " + answer.text()
                        : batch ? null : repeated(kind, answer);
            }
            if (!kind.keyed()) {
                return times > 1 ? "done " + times + " times: " + answer.text() : null;
            }
            return repeated(kind, answer);
        }

        /** The same key finds out what was done, and does it once. */
        private @Nullable String repeated(Kind kind, HttpApi.Answer answer) throws IOException {
            var again = send(kind, "key").answer;
            int times = times(kind);
            boolean said =
                    again != null
                            && again.status() / 100 == 2
                            && (!kind.batch() || status(again) == 200);
            if (times > 1 || said && times != 1) {
                return "done " + times + " times with a key: " + answer.text();
            }
            boolean found = kind.batch() || kind == Kind.COPY || kind == Kind.CREATE;
            return found && !said
                    ? "not found out: " + answer.text() + (again == null ? "" : again.text())
                    : null;
        }

        /** How often it was done, as the mail server has it. */
        private int times(Kind kind) throws IOException {
            var old = "<" + subject + "@example.org>";
            var made = "<new-" + subject + "@example.org>";
            return switch (kind) {
                case FLAG ->
                        (int)
                                truth.look("INBOX").stream()
                                        .filter(it -> it.messageId().equals(old))
                                        .filter(it -> it.keywords().contains("red"))
                                        .count();
                case MOVE, BATCH -> {
                    int there = count("Archive", old);
                    yield there + count("INBOX", old) == 1 ? there : 9;
                }
                case COPY, BATCH_COPY -> count("Archive", old);
                case DELETE -> {
                    int there = count("Trash", old);
                    yield there + count("INBOX", old) == 1 ? there : 9;
                }
                case DELETE_FOR_GOOD, BATCH_DELETE -> 1 - count("INBOX", old);
                case CREATE -> count("Archive", made);
                case REPLACE -> {
                    int now = count("Drafts", made);
                    yield now + count("Drafts", old) == 0 ? 9 : now;
                }
                case CREATE_MAILBOX -> truth.has(subject) ? 1 : 0;
                default -> throw new IllegalStateException();
            };
        }

        private int count(String path, String messageId) throws IOException {
            return (int)
                    truth.look(path).stream()
                            .filter(it -> it.messageId().equals(messageId))
                            .count();
        }
    }
}
