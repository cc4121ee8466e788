package postern.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.AccountServer;
import postern.testserver.InMemoryServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A new account with the usual mailboxes, and requests of its user. */
final class SendingApi {

    final String user;
    private final MockMvcTester http;
    private final JsonMapper json = JsonMapper.builder().build();
    private String authorization;

    /** A user of a server that has the mailboxes. */
    SendingApi(MockMvcTester http, AccountServer server) {
        this.http = http;
        this.user = server.newUser();
        this.authorization =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString((user + ":" + server.password()).getBytes(UTF_8));
    }

    SendingApi(MockMvcTester http) {
        this(http, InMemoryServer.GREENMAIL);
        for (var mailbox : List.of("Drafts", "Sent")) {
            ok(post("/v1/mailboxes", "application/json", "{'name': '%s'}".formatted(mailbox)));
        }
    }

    String from() {
        return user + "@example.org";
    }

    /** Goes on with a session of this login. */
    JsonNode logIn(String login) {
        var session = ok(post("/v1/sessions", "application/json", login));
        authorization = "Bearer " + session.get("token").asString();
        return session;
    }

    /** Goes on with a token of the session that has these scopes alone. */
    void narrow(String scopes) {
        var narrowed =
                ok(
                        post(
                                "/v1/sessions/current/narrow",
                                "application/json",
                                "{'scopes': %s}".formatted(scopes)));
        authorization = "Bearer " + narrowed.get("token").asString();
    }

    /** Ends the session. */
    void logOut() {
        var answer =
                http.delete()
                        .uri("/v1/sessions/current")
                        .header(HttpHeaders.AUTHORIZATION, authorization)
                        .exchange();
        assertThat(answer.getResponse().getStatus()).isEqualTo(204);
    }

    /** The id of a new draft, in the mailbox for drafts. */
    String draft(String message) {
        return stored("drafts", message);
    }

    String stored(String mailbox, String message) {
        var created =
                ok(
                        post(
                                "/v1/mailboxes/%s/messages".formatted(mailbox),
                                "application/json",
                                message));
        return created.get("id").asString();
    }

    String draftOfOctets(String message) {
        return ok(post("/v1/mailboxes/drafts/messages?keywords=$draft", "message/rfc822", message))
                .get("id")
                .asString();
    }

    MvcTestResult send(String draft) {
        return send(draft, "", "{}");
    }

    MvcTestResult send(String draft, String query, String options) {
        return post("/v1/messages/%s/send%s".formatted(draft, query), "application/json", options);
    }

    MvcTestResult sendNew(String message) {
        return post("/v1/send", "application/json", message);
    }

    MvcTestResult post(String path, String type, String body) {
        return post(path, type, body, null);
    }

    MvcTestResult post(String path, String type, String body, @Nullable String key) {
        var request =
                http.post()
                        .uri(path)
                        .header(HttpHeaders.AUTHORIZATION, authorization)
                        .contentType(type)
                        .content(type.endsWith("json") ? body.replace('\'', '"') : body);
        return (key == null ? request : request.header("Idempotency-Key", key)).exchange();
    }

    MvcTestResult sendForm(String message, String part, String content) {
        return http.post()
                .uri("/v1/send")
                .header(HttpHeaders.AUTHORIZATION, authorization)
                .multipart()
                .file(
                        new MockMultipartFile(
                                "message",
                                "",
                                "application/json",
                                message.replace('\'', '"').getBytes(UTF_8)))
                .file(new MockMultipartFile(part, part, "text/plain", content.getBytes(UTF_8)))
                .exchange();
    }

    JsonNode get(String path) {
        return ok(http.get().uri(path).header(HttpHeaders.AUTHORIZATION, authorization).exchange());
    }

    void patch(String message, String change) {
        ok(
                http.patch()
                        .uri("/v1/messages/{id}", message)
                        .header(HttpHeaders.AUTHORIZATION, authorization)
                        .header(HttpHeaders.IF_MATCH, "*")
                        .contentType("application/merge-patch+json")
                        .content(change.replace('\'', '"'))
                        .exchange());
    }

    List<JsonNode> list(String mailbox) {
        var items = new ArrayList<JsonNode>();
        get("/v1/mailboxes/%s/messages".formatted(mailbox)).get("items").forEach(items::add);
        return items;
    }

    /** What a download has, one character for each octet. */
    String octets(String path) {
        var answer =
                http.get().uri(path).header(HttpHeaders.AUTHORIZATION, authorization).exchange();
        return new String(answer.getResponse().getContentAsByteArray(), ISO_8859_1);
    }

    JsonNode ok(MvcTestResult answer) {
        var body = body(answer);
        assertThat(answer.getResponse().getStatus()).as(body).isBetween(200, 299);
        return json.readTree(body);
    }

    /** A problem of this status and code. */
    JsonNode problem(MvcTestResult answer, int status, String code) {
        var body = body(answer);
        assertThat(answer.getResponse().getStatus()).as(body).isEqualTo(status);
        var problem = json.readTree(body);
        assertThat(problem.get("code").asString()).as(body).isEqualTo(code);
        return problem;
    }

    private static String body(MvcTestResult answer) {
        return new String(answer.getResponse().getContentAsByteArray(), UTF_8);
    }
}
