package postern.mailbox;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Changes to mailboxes, over HTTP. */
@OnGreenMail
class MailboxApiTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String MAILBOXES = "/v1/mailboxes";

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;

    private final String user = SERVER.newUser();

    @Test
    void createsAMailboxAndSaysWhere() {
        var answer = post("{\"name\": \"Work\"}");

        assertThat(answer).hasStatus(201);
        var created = object(answer);
        assertThat(answer)
                .hasHeader("Location", "/v1/mailboxes/" + created.get("id"))
                .bodyJson()
                .extractingPath("$.subscribed")
                .isEqualTo(true);
        assertThat(created).containsEntry("namespace", "personal").doesNotContainKey("myRights");
        assertThat(
                        send(
                                HttpMethod.GET,
                                requireNonNull(answer.getResponse().getHeader("Location")),
                                null))
                .hasStatusOk();
    }

    @Test
    void theSameKeyCreatesOneMailbox() {
        var first = post("{\"name\": \"Once\"}", "k-1");
        var again = post("{\"name\": \"Once\"}", "k-1");

        assertThat(first).hasStatus(201);
        assertThat(again).hasStatus(201);
        assertThat(object(again)).isEqualTo(object(first));
        assertThat(post("{\"name\": \"Once\"}")).hasStatus(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /name",
                "{\"name\": \" \"} | /name",
                "{\"name\": \"a.b\"} | /name",
                "{\"name\": \"a\\u0000b\"} | /name",
                "{\"name\": \"a\\ud83d\"} | /name",
                "{\"name\": \"#news\"} | /name",
                "{\"path\": \"a..b\"} | /path",
                "{\"path\": \"a.\"} | /path",
                "{\"name\": \"a\", \"path\": \"b\"} | /path",
                "{\"path\": \"a\", \"parentId\": \"inbox\"} | /parentId",
                "{\"name\": \"a\", \"parentId\": \"what\"} | /parentId",
                "{\"name\": \"a\", \"role\": \"inbox\"} | /role",
                "{\"name\": \"a\", \"role\": \"nonsense\"} | /role",
                "{\"name\": \"a\", \"colour\": \"red\"} | /colour"
            })
    void saysWhatIsWrongWithANewMailbox(String body, String pointer) {
        var answer = post(body);

        assertThat(answer).hasStatus(400);
        assertThat(answer).bodyJson().extractingPath("$.errors[0].pointer").isEqualTo(pointer);
    }

    @Test
    void aLongNameIsRefused() {
        assertThat(post("{\"name\": \"" + "x".repeat(5_000) + "\"}")).hasStatus(400);
    }

    @Test
    void renamesByMergePatch() {
        var id = created("Work");

        var answer = patch(id, "{\"name\": \"Play\", \"subscribed\": false}");

        assertThat(answer)
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("$.path", it -> it.assertThat().isEqualTo("Play"))
                .hasPathSatisfying("$.subscribed", it -> it.assertThat().isEqualTo(false));
        assertThat(send(HttpMethod.GET, MAILBOXES + "/" + id, null)).hasStatus(404);
        assertThat(patch(id, "{\"name\": \"x\"}")).hasStatus(404);
        assertThat(patch("inbox", "{\"name\": \"x\"}")).hasStatus(422);
        assertThat(patch("inbox", "{\"role\": \"junk\"}")).hasStatus(400);
    }

    @Test
    void deletesWhatIsAskedFor() {
        var id = created("Work");
        assertThat(post("{\"name\": \"Child\", \"parentId\": \"" + id + "\"}")).hasStatus(201);

        var refused = delete(MAILBOXES + "/" + id);
        assertThat(refused).hasStatus(409);
        assertThat(object(refused)).containsEntry("code", "mailbox-has-children");

        assertThat(delete(MAILBOXES + "/" + id + "?withChildren=true")).hasStatus(204);
        assertThat(delete(MAILBOXES + "/" + id)).hasStatus(404);
        assertThat(delete(MAILBOXES + "/inbox?withMessages=true")).hasStatus(422);
        assertThat(delete(MAILBOXES + "/inbox?withEverything=true")).hasStatus(400);
    }

    @Test
    void emptiesOnlyWhatIsConfirmed() {
        var id = created("Work");

        assertThat(delete(MAILBOXES + "/" + id + "/messages")).hasStatus(400);
        assertThat(delete(MAILBOXES + "/" + id + "/messages?confirm=work")).hasStatus(400);
        assertThat(delete(MAILBOXES + "/" + id + "/messages?confirm=Work"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.deletedMessages")
                .isEqualTo(0);
    }

    @Test
    void rightsNeedAServerThatHasThem() {
        var rights = MAILBOXES + "/inbox/rights";

        assertThat(object(send(HttpMethod.GET, rights, null))).containsEntry("status", 422);
        assertThat(send(HttpMethod.PUT, rights + "/bob", "{\"letters\": \"lr\"}")).hasStatus(422);
        assertThat(delete(rights + "/bob")).hasStatus(422);
        assertThat(send(HttpMethod.PUT, rights + "/bob", "{\"mayFly\": true}")).hasStatus(400);
    }

    @Test
    void rightsThatContradictEachOtherAreRefusedOnAllServers() {
        var bob = MAILBOXES + "/inbox/rights/bob";

        for (var rights : List.of("'letters': 'L'", "'letters': 'l', 'maySetSeen': true")) {
            var answer = object(send(HttpMethod.PUT, bob, "{" + rights.replace('\'', '"') + "}"));
            assertThat(answer).containsEntry("status", 400);
        }
    }

    @Test
    void theAccountTellsItsQuotasAndWhoDoesWhat() {
        var account = object(send(HttpMethod.GET, "/v1/account", null));

        assertThat(account).containsKey("quotas");
        assertThat(account.get("features"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("acl", "unavailable")
                .containsEntry("listMyRights", "unavailable")
                .containsEntry("createSpecialUse", "emulated")
                .containsEntry("quota", "native");
    }

    private String created(String name) {
        return (String) requireNonNull(object(post("{\"name\": \"" + name + "\"}")).get("id"));
    }

    private MvcTestResult post(String body) {
        return send(HttpMethod.POST, MAILBOXES, body);
    }

    private MvcTestResult post(String body, String key) {
        return http.post()
                .uri(MAILBOXES)
                .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                .header("Idempotency-Key", key)
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private MvcTestResult patch(String id, String body) {
        return http.patch()
                .uri(MAILBOXES + "/" + id)
                .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                .contentType("application/merge-patch+json")
                .content(body)
                .exchange();
    }

    private MvcTestResult delete(String path) {
        return send(HttpMethod.DELETE, path, null);
    }

    private MvcTestResult send(HttpMethod method, String path, @Nullable String body) {
        var request =
                http.method(method)
                        .uri(path)
                        .headers(headers -> headers.setBasicAuth(user, SERVER.password()));
        return (body == null
                        ? request
                        : request.contentType(MediaType.APPLICATION_JSON).content(body))
                .exchange();
    }

    private Map<String, Object> object(MvcTestResult answer) {
        var body = answer.getResponse().getContentAsByteArray();
        return requireNonNull(json.readValue(body, new TypeReference<Map<String, Object>>() {}));
    }
}
