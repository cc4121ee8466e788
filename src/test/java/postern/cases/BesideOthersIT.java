package postern.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Messages that other programs or other requests change at the same time. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
@Timeout(180)
class BesideOthersIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int AT_ONCE = 10;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    private final HttpClient http = HttpClient.newHttpClient();
    private String token = "";
    private String user = "";
    private String prefix = "";

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void nothingIsDoneWithWhatAnotherProgramRemoved(TestServer server) throws Exception {
        logIn(server);
        try (var program = BareSocket.loggedIn(server, user)) {
            append(program, 8);
            var target = create("Target");
            var ids = list("inbox"); // a connection now has it selected
            removeAll(program);

            var codes = new ArrayList<String>();
            codes.add(batch(ids.get(0), "'keywords': {'$flagged': true, 'todo': true}"));
            codes.add(batch(ids.get(1), "'copyTo': '" + target + "'"));
            codes.add(batch(ids.get(2), "'moveTo': '" + target + "'"));
            codes.add(batch(ids.get(3), "'delete': 'permanent'"));
            codes.add(code(patch(ids.get(4), "{'keywords': {'todo': true}}")));
            codes.add(code(patch(ids.get(5), "{'mailboxId': '" + target + "'}")));
            codes.add(
                    code(
                            send(
                                    "POST",
                                    "/messages/" + ids.get(6) + "/copy",
                                    "{'mailboxId': '" + target + "'}")));
            codes.add(code(send("DELETE", "/messages/" + ids.get(7) + "?permanent=true", null)));

            assertThat(codes).containsOnly("message-not-found");
            assertThat(count(program, prefix + "Target")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void aMailboxThatAnotherProgramDeletedIsNotListed(RealServer server) throws Exception {
        logIn(server);
        try (var program = BareSocket.loggedIn(server, user)) {
            var mailbox = create("Short");
            program.command("APPEND " + prefix + "Short", "Subject: x\r\n\r\ntext\r\n");
            assertThat(list(mailbox)).hasSize(1); // a connection now has it selected

            program.command("DELETE " + prefix + "Short");

            assertThat(code(send("GET", "/mailboxes/" + mailbox + "/messages", null)))
                    .isEqualTo("mailbox-not-found");
        }
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void ofTenMovesOfOneMessageOneIsDone(TestServer server) throws Exception {
        logIn(server);
        try (var program = BareSocket.loggedIn(server, user)) {
            append(program, 1);
            var target = create("Target");
            var id = list("inbox").getFirst();

            var answers = atOnce(AT_ONCE, _ -> patch(id, "{'mailboxId': '" + target + "'}"));

            assertThat(answers.stream().filter(it -> it.statusCode() == 200)).hasSize(1);
            assertThat(answers.stream().filter(it -> it.statusCode() != 200))
                    .allSatisfy(it -> assertThat(code(it)).isEqualTo("message-not-found"));
            assertThat(count(program, prefix + "Target")).isEqualTo(1);
            assertThat(count(program, "INBOX")).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void ofSeveralReplacementsOfOneDraftOneWins(TestServer server) throws Exception {
        logIn(server);
        try (var program = BareSocket.loggedIn(server, user)) {
            var draft = JSON.readTree(send("POST", "/mailboxes/inbox/messages", text(0)).body());
            var id = draft.path("id").asString();
            if (id.isEmpty()) {
                id = list("inbox").getFirst();
            }
            var path = "/messages/" + id;
            var eTag = send("GET", path, null).headers().firstValue("ETag").orElseThrow();

            var answers = atOnce(3, i -> send("PUT", path + "/content", text(i + 1), eTag));

            assertThat(answers).extracting(HttpResponse::statusCode).contains(200);
            assertThat(answers.stream().filter(it -> it.statusCode() != 200))
                    .hasSize(2)
                    .allSatisfy(it -> assertThat(code(it)).isEqualTo("message-modified"));
            assertThat(count(program, "INBOX")).isEqualTo(1);
        }
    }

    /** Two programs change flags and expunge messages while the gateway moves and deletes. */
    @ParameterizedTest
    @EnumSource(RealServer.class)
    void nothingIsRefusedForGoodBesideOthers(RealServer server) throws Exception {
        logIn(server);
        try (var program = BareSocket.loggedIn(server, user)) {
            int messages = 60;
            append(program, messages);
            var target = create("Target");
            var ids = list("inbox");
            var gateway = new ArrayList<HttpResponse<String>>();
            var work = new ArrayList<Callable<Void>>();
            for (long seed = 1; seed <= 2; seed++) {
                var random = new Random(seed);
                work.add(() -> {
                    disturb(server, random, messages);
                    return null;
                });
            }
            work.add(() -> {
                for (int i = 0; i < ids.size(); i++) {
                    gateway.add(
                            i % 2 == 0
                                    ? patch(ids.get(i), "{'mailboxId': '" + target + "'}")
                                    : send(
                                            "DELETE",
                                            "/messages/" + ids.get(i) + "?permanent=true",
                                            null));
                }
                return null;
            });
            run(work);

            for (int i = 0; i < gateway.size(); i++) {
                var answer = gateway.get(i);
                if (answer.statusCode() / 100 != 2) {
                    assertThat(code(answer)).as(answer.body()).isEqualTo("message-not-found");
                }
            }
            long moved = 0;
            for (int i = 0; i < gateway.size(); i += 2) {
                moved += gateway.get(i).statusCode() == 200 ? 1 : 0;
            }
            assertThat(count(program, prefix + "Target")).isEqualTo(moved);
        }
    }

    private void disturb(TestServer server, Random random, int messages) throws IOException {
        try (var program = BareSocket.loggedIn(server, user)) {
            program.command("SELECT INBOX");
            for (int i = 0; i < messages; i++) {
                int uid = 1 + random.nextInt(messages);
                if (random.nextInt(4) == 0) {
                    program.command("UID STORE " + uid + " +FLAGS.SILENT (\\Deleted)");
                    program.command("UID EXPUNGE " + uid);
                } else {
                    var sign = random.nextBoolean() ? "+" : "-";
                    program.command("UID STORE " + uid + " " + sign + "FLAGS (\\Flagged)");
                }
            }
        }
    }

    private void logIn(TestServer server) {
        user = server.newUser();
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var session = tokens.start(new Account(imap, user, new Password(server.password())));
        token = tokens.seal(session);
        prefix = server == RealServer.COURIER ? "INBOX." : "";
    }

    private static void append(BareSocket program, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            program.command(
                    "APPEND INBOX",
                    "Message-ID: <%d@x>\r\nSubject: %d\r\n\r\ntext\r\n".formatted(i, i));
        }
    }

    private static void removeAll(BareSocket program) throws IOException {
        program.command("SELECT INBOX");
        program.command("STORE 1:* +FLAGS.SILENT (\\Deleted)");
        program.command("EXPUNGE");
    }

    private static int count(BareSocket program, String mailbox) throws IOException {
        program.command("NOOP");
        program.command("EXAMINE " + mailbox);
        return (int)
                program.command("UID SEARCH ALL").stream()
                        .filter(line -> line.startsWith("* SEARCH"))
                        .flatMap(line -> List.of(line.substring(8).strip().split(" ")).stream())
                        .filter(uid -> !uid.isEmpty())
                        .count();
    }

    private String create(String name) {
        var answer = send("POST", "/mailboxes", "{'name': '" + name + "'}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).path("id").asString();
    }

    private List<String> list(String mailbox) {
        var answer = send("GET", "/mailboxes/" + mailbox + "/messages?limit=200", null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body())
                .path("items")
                .valueStream()
                .map(item -> item.path("id").asString())
                .toList();
    }

    private String batch(String id, String change) {
        var answer = send("POST", "/messages/batch", "{'ids': ['" + id + "'], " + change + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode item = JSON.readTree(answer.body()).at("/results/0");
        return item.at("/problem/code").asString("done: " + item);
    }

    private static String text(int number) {
        return "{'subject': 'draft " + number + "', 'text': 'x', 'to': []}";
    }

    private static String code(HttpResponse<String> answer) {
        return answer.statusCode() / 100 == 2
                ? "done: " + answer.statusCode()
                : JSON.readTree(answer.body()).path("code").asString();
    }

    private HttpResponse<String> patch(String id, String body) {
        return send("PATCH", "/messages/" + id, body);
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body) {
        return send(method, path, body, null);
    }

    private HttpResponse<String> send(
            String method, String path, @Nullable String body, @Nullable String ifMatch) {
        var request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1" + path))
                        .header("Authorization", "Bearer " + token)
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body.replace('\'', '"')));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Numbered {
        HttpResponse<String> send(int number);
    }

    private static List<HttpResponse<String>> atOnce(int count, Numbered request) throws Exception {
        var work = new ArrayList<Callable<HttpResponse<String>>>();
        for (int i = 0; i < count; i++) {
            int number = i;
            work.add(() -> request.send(number));
        }
        return run(work);
    }

    private static <T> List<T> run(List<Callable<T>> work) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        }
    }
}
