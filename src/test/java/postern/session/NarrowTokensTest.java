package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a narrowed token reaches and how it ends, with a real mailbox behind it. */
@OnGreenMail
@ExtendWith(OutputCaptureExtension.class)
class NarrowTokensTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String ALL = "['read','draft','organize','delete','send']";

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;

    private final String user = SERVER.newUser();
    private String whole = "";
    private String other = "";
    private String here = "";
    private String there = "";

    /** A message in INBOX and one in another mailbox. */
    @BeforeEach
    void twoMailboxes() {
        whole =
                field(
                        send(
                                "POST",
                                "/v1/sessions",
                                null,
                                "{'username':'%s','password':'%s'}"
                                        .formatted(user, SERVER.password())),
                        "token");
        other = field(send("POST", "/v1/mailboxes", whole, "{'name':'Other'}"), "id");
        here = message("inbox", "here");
        there = message(other, "there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | /scopes",
                "{'scopes':[]} | /scopes",
                "{'scopes':['all']} | /scopes/0",
                "{'scopes':['read','send']} | /scopes/1",
                "{'scopes':['read'],'mailboxIds':[]} | /mailboxIds",
                "{'scopes':['read'],'mailboxIds':['inbox','OTHER']} | /mailboxIds/1",
                "{'scopes':['read'],'mailboxIds':['junk']} | /mailboxIds/0",
                "{'scopes':['read'],'mailboxIds':['x']} | /mailboxIds/0",
                "{'scopes':['read'],'expiresAt':'2020-01-01T00:00:00Z'} | /expiresAt",
                "{'scopes':['read'],'expiresAt':'2099-01-01T00:00:00Z'} | /expiresAt",
                "{'scopes':['read'],'expiresAt':'END'} | /expiresAt",
                "{'scopes':['read'],'roles':{}} | /roles"
            })
    void whatTheTokenLacksIsRefusedAndNamed(String body, String pointer) {
        var end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(600);
        var narrow =
                narrow(
                        whole,
                        "{'scopes':['read','draft'],'mailboxIds':['inbox'],'expiresAt':'%s'}"
                                .formatted(end));

        var answer =
                send(
                        "POST",
                        "/v1/sessions/current/narrow",
                        narrow,
                        body.replace("OTHER", other).replace("END", end.plusSeconds(1).toString()));

        assertThat(answer).hasStatus(400);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors[*].pointer")
                .isEqualTo(List.of(pointer));
    }

    @Test
    void aNarrowedTokenSaysWhatItMayDoAndInheritsWhatIsNotNamed() {
        var end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(600);
        var first =
                narrow(
                        whole,
                        "{'scopes':['organize','read'],'mailboxIds':['inbox'],'expiresAt':'%s'}"
                                .formatted(end));

        var second = send("POST", "/v1/sessions/current/narrow", first, "{'scopes':['read']}");

        assertThat(second).hasStatusOk();
        var told = tree(send("GET", "/v1/sessions/current", field(second, "token"), null));
        assertThat(told.path("scopes").toString()).isEqualTo("[\"read\"]");
        assertThat(told.path("mailboxIds")).hasSize(1);
        assertThat(told.path("expiresAt").asString()).isEqualTo(end.toString());
        assertThat(tree(second).path("mailboxIds")).isEqualTo(told.path("mailboxIds"));
        var login = tree(send("GET", "/v1/sessions/current", whole, null));
        assertThat(login.path("scopes")).hasSize(5);
        assertThat(login.has("mailboxIds")).isFalse();
    }

    @Test
    void aTokenIsNarrowedEightTimesAtMost() {
        var token = whole;
        for (int i = 0; i < 8; i++) {
            token = narrow(token, "{'scopes':['read']}");
        }

        assertThat(send("POST", "/v1/sessions/current/narrow", token, "{'scopes':['read']}"))
                .hasStatus(400);
    }

    @Test
    void aPasswordIsNotNarrowed() {
        var answer =
                http.post()
                        .uri("/v1/sessions/current/narrow")
                        .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"scopes\":[\"read\"]}")
                        .exchange();

        assertThat(answer).hasStatus(400);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors[0].parameter")
                .isEqualTo(HttpHeaders.AUTHORIZATION);
    }

    @Test
    void namesThatDoNotFitIntoAHeaderAreRefused() {
        var ids = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            var id = field(mailbox("%03d".formatted(i) + "x".repeat(120)), "id");
            ids.append(i == 0 ? "" : ",").append("'").append(id).append("'");
        }

        var answer =
                send(
                        "POST",
                        "/v1/sessions/current/narrow",
                        whole,
                        "{'scopes':['read'],'mailboxIds':[%s]}".formatted(ids));

        assertThat(answer).hasStatus(400);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors[0].pointer")
                .isEqualTo("/mailboxIds");
    }

    @Test
    void listsAndSearchesAndThreadsAreOfItsMailboxesAlone() {
        var narrow = limited();

        var listed = tree(send("GET", "/v1/mailboxes", narrow, null)).path("items");
        var found = tree(send("POST", "/v1/search", narrow, "{'filter':{}}")).path("items");
        var threads =
                tree(send("GET", "/v1/mailboxes/inbox/threads?scope=account", narrow, null))
                        .path("items");

        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("role").asString()).isEqualTo("inbox");
        assertThat(found).hasSize(1);
        assertThat(found.toString()).contains(here).doesNotContain(there);
        assertThat(threads).hasSize(1);
        var thread = threads.get(0).path("id").asString();
        assertThat(send("GET", "/v1/threads/" + thread + "?scope=account", narrow, null))
                .hasStatusOk();
        assertThat(tree(send("GET", "/v1/mailboxes", whole, null)).path("items"))
                .hasSizeGreaterThan(1);
        assertThat(tree(send("POST", "/v1/search", whole, "{'filter':{}}")).path("items"))
                .hasSize(2);
    }

    @Test
    void aSearchOfEverythingPassesNothingOverThatTheTokenSeesNowhereElse() {
        send("POST", "/v1/mailboxes", whole, "{'role':'trash','name':'Trash'}");
        message("trash", "gone");
        var withView =
                field(
                        send(
                                "POST",
                                "/v1/sessions",
                                null,
                                "{'username':'%s','password':'%s','roles':{'flagged':'%s'}}"
                                        .formatted(user, SERVER.password(), other)),
                        "token");
        var view = narrow(withView, "{'scopes':['read'],'mailboxIds':['inbox','flagged']}");

        assertThat(total(narrow(whole, "{'scopes':['read'],'mailboxIds':['trash']}"))).isEqualTo(1);
        assertThat(total(narrow(whole, "{'scopes':['read'],'mailboxIds':['inbox','trash']}")))
                .isEqualTo(1);
        assertThat(total(view)).isEqualTo(2);
        assertThat(total(withView)).isEqualTo(1);
    }

    private int total(String token) {
        return tree(send("POST", "/v1/search", token, "{'filter':{}}")).path("total").asInt();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST | /v1/search | {'filter':{},'mailboxIds':['inbox','OTHER']}",
                "POST | /v1/messages/batch | {'ids':['HERE','THERE'],'keywords':{'$seen':true}}",
                "POST | /v1/messages/batch | {'ids':['THERE'],'delete':'permanent'}",
                "POST | /v1/messages/batch | {'ids':['HERE'],'moveTo':'OTHER'}",
                "POST | /v1/messages/batch | {'ids':['HERE'],'copyTo':'OTHER'}",
                "POST | /v1/messages/batch | {'ids':['HERE'],'copyTo':'OTHER','dryRun':true}",
                "POST | /v1/messages/batch | {'ids':['HERE'],'delete':'trash'}",
                "POST | /v1/messages/batch |"
                        + " {'mailboxId':'OTHER','filter':{},'keywords':{'$seen':true}}",
                "PATCH | /v1/messages/HERE | {'mailboxId':'OTHER'}",
                "PATCH | /v1/messages/HERE | {'mailboxId':'OTHER','keywords':{'$seen':true}}",
                "POST | /v1/messages/HERE/copy | {'mailboxId':'OTHER'}",
                "DELETE | /v1/messages/HERE |",
                "POST | /v1/messages/HERE/reply | {'mailboxId':'OTHER'}",
                "POST | /v1/messages/HERE/reply | {}",
                "POST | /v1/messages/HERE/forward | {}",
                "POST | /v1/messages/HERE/edit-as-new | {'mailboxId':'OTHER'}",
                "POST | /v1/messages/HERE/edit-as-new | {}",
                "POST | /v1/messages/THERE/edit-as-new | {'mailboxId':'inbox'}",
                "POST | /v1/messages/THERE/mark-sent | {}",
                "POST | /v1/messages/THERE/redirect | {'to':[{'email':'a@example.org'}]}",
                "POST | /v1/messages/THERE/reply | {'mailboxId':'inbox'}",
                "POST | /v1/mailboxes/inbox/messages | {'attachments':[{'messageId':'THERE'}]}",
                "POST | /v1/mailboxes/drafts/messages | {}",
                "GET | /v1/mailboxes/trash |",
                "GET | /v1/mailboxes/trash/messages |",
                "POST | /v1/mailboxes | {'name':'New','parentId':'OTHER'}",
                "POST | /v1/mailboxes | {'name':'New'}",
                "POST | /v1/mailboxes | {'name':'Other'}",
                "PATCH | /v1/mailboxes/OTHER | {'isSubscribed':false}",
                "DELETE | /v1/mailboxes/OTHER?withMessages=true |",
                "DELETE | /v1/mailboxes/OTHER/messages?confirm=Other |",
                "GET | /v1/mailboxes/OTHER/export?format=mbox |",
                "GET | /v1/messages/THERE/html?links=signed |"
            })
    void aRequestThatNamesAnotherMailboxIsRefusedAndDoesNothing(
            String method, String path, @Nullable String body) {
        send("POST", "/v1/mailboxes", whole, "{'role':'trash','name':'Trash'}");
        send("POST", "/v1/mailboxes", whole, "{'role':'drafts','name':'Drafts'}");
        var before = everything();

        var answer = send(method, filled(path), limited(), body == null ? null : filled(body));

        assertThat(answer).hasStatus(403);
        assertThat(tree(answer).path("code").asString()).isEqualTo("mailbox-out-of-scope");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aTokenForCertainMailboxesDoesNotRenameOrDeleteThem() {
        var narrow =
                narrow(whole, "{'scopes':%s,'mailboxIds':['inbox','%s']}".formatted(ALL, other));
        var before = everything();

        var renamed = send("PATCH", "/v1/mailboxes/" + other, narrow, "{'name':'Third'}");
        var deleted = send("DELETE", "/v1/mailboxes/" + other + "?withMessages=true", narrow, null);

        assertThat(renamed).hasStatus(403);
        assertThat(deleted).hasStatus(403);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void itReachesItsMailboxesInEveryWay() {
        var narrow =
                narrow(whole, "{'scopes':%s,'mailboxIds':['inbox','%s']}".formatted(ALL, other));

        assertThat(send("GET", "/v1/account", narrow, null)).hasStatusOk();
        assertThat(send("GET", "/v1/messages/" + there + "/raw", narrow, null)).hasStatusOk();
        assertThat(
                        send(
                                "POST",
                                "/v1/messages/" + here + "/reply",
                                narrow,
                                "{'mailboxId':'%s'}".formatted(other)))
                .hasStatus(201);
        assertThat(
                        send(
                                "POST",
                                "/v1/messages/batch",
                                narrow,
                                "{'ids':['%s'],'moveTo':'%s'}".formatted(here, other)))
                .hasStatusOk();
        assertThat(send("DELETE", "/v1/messages/" + there + "?permanent=true", narrow, null))
                .hasStatus(204);
    }

    @Test
    void manyMessagesAreReadAsFarAsItsMailboxesGo() {
        var narrow = narrow(whole, "{'scopes':['read'],'mailboxIds':['inbox']}");
        var body = "{'ids':['%s','%s']}".formatted(there, here);

        var found = tree(send("POST", "/v1/messages/get", narrow, body));

        assertThat(found.at("/items/0/id").asString()).isEqualTo(here);
        assertThat(found.at("/notFound/0/id").asString()).isEqualTo(there);
        assertThat(found.at("/notFound/0/problem/code").asString())
                .isEqualTo("mailbox-out-of-scope");
        var without = narrow(whole, "{'scopes':['organize'],'mailboxIds':['inbox']}");
        assertThat(send("POST", "/v1/messages/get", without, body)).hasStatus(403);
    }

    @Test
    void itDeletesIntoATrashThatItReaches() {
        send("POST", "/v1/mailboxes", whole, "{'role':'trash','name':'Trash'}");
        var narrow = narrow(whole, "{'scopes':['delete'],'mailboxIds':['inbox','trash']}");

        assertThat(send("DELETE", "/v1/messages/" + here, narrow, null)).hasStatus(204);
        assertThat(body(send("GET", "/v1/mailboxes/trash/messages", whole, null)))
                .contains("\"subject\":\"here\"");
    }

    @Test
    void itReplacesADraftWithoutTheMailboxForDrafts() {
        send("POST", "/v1/mailboxes", whole, "{'role':'drafts','name':'Drafts'}");
        var narrow = narrow(whole, "{'scopes':['draft'],'mailboxIds':['inbox']}");
        var draft = field(send("POST", "/v1/mailboxes/inbox/messages", narrow, "{}"), "id");

        var answer = send("PUT", "/v1/messages/" + draft + "/content", narrow, "{'text':'better'}");

        assertThat(answer).hasStatusOk();
    }

    @Test
    void aPartBeyondItIsRefusedAlsoToWhoHasItAlready() {
        var answer =
                http.get()
                        .uri("/v1/messages/" + there + "/raw")
                        .header(HttpHeaders.AUTHORIZATION, "Bearer " + limited())
                        .header(HttpHeaders.IF_NONE_MATCH, "*")
                        .exchange();

        assertThat(answer).hasStatus(403);
    }

    @Test
    void aBatchNeedsTheScopesOfWhatItDoes() {
        var organize = narrow(whole, "{'scopes':['organize']}");

        assertMissing(
                send(
                        "POST",
                        "/v1/messages/batch",
                        organize,
                        "{'ids':['%s'],'delete':'permanent'}".formatted(here)),
                "delete");
        assertMissing(
                send(
                        "POST",
                        "/v1/messages/batch",
                        organize,
                        "{'mailboxId':'inbox','filter':{'text':'x'},'keywords':{'$seen':true},'dryRun':true}"),
                "read");
        assertThat(
                        send(
                                "POST",
                                "/v1/messages/batch",
                                organize,
                                "{'ids':['%s'],'keywords':{'$seen':true}}".formatted(here)))
                .hasStatusOk();
    }

    /** A change of nothing would be a way to read. */
    @Test
    void aTokenThatOnlyOrganizesIsToldNothingThatReadGuards() {
        send("PATCH", "/v1/messages/" + here, whole, "{'keywords':{'secret':true}}");
        var organize = narrow(whole, "{'scopes':['organize']}");

        var message =
                send("PATCH", "/v1/messages/" + here, organize, "{'keywords':{'$flagged':true}}");
        var batch =
                send(
                        "POST",
                        "/v1/messages/batch",
                        organize,
                        "{'ids':['%s'],'keywords':{'$seen':true}}".formatted(here));
        var mailbox = send("PATCH", "/v1/mailboxes/inbox", organize, "{'subscribed':true}");
        var created = send("POST", "/v1/mailboxes", organize, "{'name':'New'}");

        assertThat(message).hasStatusOk().doesNotContainHeader(HttpHeaders.ETAG);
        assertThat(batch).hasStatusOk();
        assertThat(mailbox).hasStatusOk();
        assertThat(created).hasStatus(201);
        for (var answer : List.of(message, batch, mailbox, created)) {
            assertThat(body(answer)).doesNotContain("secret", "keywords", "Messages", "quotas");
        }
    }

    /** Otherwise they would delete in two steps. */
    @Test
    void keywordsThatMakeAMessageGoAwayNeedDelete() {
        var token = narrow(whole, "{'scopes':['organize','draft']}");

        for (var keyword : List.of("$deleted", "$DRAFT", "$submitted", "$SubmitPending")) {
            assertMissing(
                    send(
                            "PATCH",
                            "/v1/messages/" + here,
                            token,
                            "{'keywords':{'%s':true}}".formatted(keyword)),
                    "delete");
            assertMissing(
                    send(
                            "POST",
                            "/v1/messages/batch",
                            token,
                            "{'ids':['%s'],'keywords':{'%s':true}}".formatted(here, keyword)),
                    "delete");
            assertThat(
                            send(
                                    "PATCH",
                                    "/v1/messages/" + here,
                                    token,
                                    "{'keywords':{'%s':null}}".formatted(keyword)))
                    .hasStatusOk();
        }
    }

    @Test
    void onlyADraftIsReplacedWithoutDelete() {
        var drafts = field(send("POST", "/v1/mailboxes", whole, "{'role':'drafts'}"), "id");
        var received = message(drafts, "no draft");
        send("PATCH", "/v1/messages/" + received, whole, "{'keywords':{'$draft':null}}");
        var path = "/v1/messages/" + received + "/content";

        assertThat(send("PUT", path, narrow(whole, "{'scopes':['draft']}"), "{'text':'x'}"))
                .hasStatus(422);
        assertThat(
                        send(
                                "PUT",
                                path,
                                narrow(whole, "{'scopes':['draft','delete']}"),
                                "{'text':'x'}"))
                .hasStatusOk();
    }

    @Test
    void aDraftTakesFilesOfTheMailServerOnlyWithRead() {
        var draft = narrow(whole, "{'scopes':['draft']}");

        assertMissing(
                send(
                        "POST",
                        "/v1/mailboxes/inbox/messages",
                        draft,
                        "{'attachments':[{'messageId':'%s'}]}".formatted(here)),
                "read");
        assertThat(send("POST", "/v1/mailboxes/inbox/messages", draft, "{'text':'x'}"))
                .hasStatus(201);
    }

    @Test
    void aNarrowedLogoutEndsItselfAndWhatCameFromIt() {
        var first = narrow(whole, "{'scopes':['read']}");
        var second = narrow(first, "{'scopes':['read']}");
        var sibling = narrow(whole, "{'scopes':['read']}");

        assertThat(send("DELETE", "/v1/sessions/current", first, null)).hasStatus(204);

        assertThat(send("GET", "/v1/account", first, null)).hasStatus(401);
        assertThat(send("GET", "/v1/account", second, null)).hasStatus(401);
        assertThat(send("GET", "/v1/account", sibling, null)).hasStatusOk();
        assertThat(send("GET", "/v1/account", whole, null)).hasStatusOk();
        send("DELETE", "/v1/sessions/current", whole, null);
        assertThat(send("GET", "/v1/account", sibling, null)).hasStatus(401);
    }

    @Test
    void aLinkOfANarrowedTokenEndsWithIt() {
        var end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(60);
        var narrow =
                narrow(
                        whole,
                        "{'scopes':['read'],'mailboxIds':['inbox'],'expiresAt':'%s'}"
                                .formatted(end));
        var request = "{'items':[{'file':'message'}],'lifetimeSeconds':600}";

        var made = tree(send("POST", "/v1/messages/" + here + "/links", narrow, request));
        var url = made.path("items").path(0).path("url").asString();

        assertThat(made.path("items").path(0).path("expiresAt").asString())
                .isEqualTo(end.toString());
        assertThat(send("GET", url, null, null)).hasStatusOk();
        send("DELETE", "/v1/sessions/current", narrow, null);
        assertThat(send("GET", url, null, null)).hasStatus(410);
    }

    @Test
    void anIdempotencyKeyBelongsToWhatATokenMayDo() {
        var body = "{'mailboxId':'%s'}".formatted(other);
        var first = copy(whole, body);
        var repeated = copy(whole, body);

        var narrow = copy(limited(), body);

        assertThat(first).hasStatus(201);
        assertThat(repeated).hasStatus(201).hasHeader("Idempotency-Replayed", "true");
        assertThat(narrow).hasStatus(403).doesNotContainHeader("Idempotency-Replayed");
    }

    @Test
    void theRolesThatANarrowedTokenSeesAreNotThoseOfTheOthers() {
        send("POST", "/v1/mailboxes", whole, "{'role':'trash','name':'Trash'}");
        var narrow = limited();

        assertThat(send("GET", "/v1/mailboxes/trash/messages", narrow, null)).hasStatus(403);
        assertThat(send("GET", "/v1/mailboxes/trash/messages", whole, null)).hasStatusOk();
        assertThat(send("GET", "/v1/mailboxes/trash/messages", narrow, null)).hasStatus(403);
    }

    @Test
    void noTokenAndNoMailboxIsInTheLog(CapturedOutput log) {
        var narrow = limited();
        send("GET", "/v1/mailboxes/" + other, narrow, null);

        assertThat(log).doesNotContain(narrow, whole, other);
    }

    private MvcTestResult copy(String token, String body) {
        return http.post()
                .uri("/v1/messages/" + here + "/copy")
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .header("Idempotency-Key", "once")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body.replace('\'', '"'))
                .exchange();
    }

    private void assertMissing(MvcTestResult answer, String scope) {
        assertThat(answer).hasStatus(403);
        assertThat(tree(answer).path("code").asString()).isEqualTo("scope-missing");
        assertThat(tree(answer).path("detail").asString()).contains("`" + scope + "`");
    }

    /** All scopes, and INBOX alone. */
    private String limited() {
        return narrow(whole, "{'scopes':%s,'mailboxIds':['inbox']}".formatted(ALL));
    }

    private String narrow(String token, String body) {
        var answer = send("POST", "/v1/sessions/current/narrow", token, body);
        assertThat(answer).hasStatusOk();
        return field(answer, "token");
    }

    private String message(String mailbox, String subject) {
        return field(
                send(
                        "POST",
                        "/v1/mailboxes/%s/messages".formatted(mailbox),
                        whole,
                        "{'subject':'%s','text':'x','from':[{'email':'a@example.org'}]}"
                                .formatted(subject)),
                "id");
    }

    private MvcTestResult mailbox(String name) {
        return send("POST", "/v1/mailboxes", whole, "{'name':'%s'}".formatted(name));
    }

    private String filled(String text) {
        return text.replace("OTHER", other).replace("THERE", there).replace("HERE", here);
    }

    /** All mailboxes and all messages, as the whole session sees them. */
    private String everything() {
        return body(send("GET", "/v1/mailboxes", whole, null))
                + body(send("GET", "/v1/mailboxes/inbox/messages", whole, null))
                + body(send("GET", "/v1/mailboxes/" + other + "/messages", whole, null));
    }

    private MvcTestResult send(
            String method, String path, @Nullable String token, @Nullable String body) {
        var request = http.method(HttpMethod.valueOf(method)).uri(path);
        if (token != null) {
            request = request.header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        }
        return body == null
                ? request.exchange()
                : request.contentType(MediaType.APPLICATION_JSON)
                        .content(body.replace('\'', '"'))
                        .exchange();
    }

    private String field(MvcTestResult answer, String name) {
        return tree(answer).path(name).asString();
    }

    private JsonNode tree(MvcTestResult answer) {
        return json.readTree(body(answer));
    }

    private static String body(MvcTestResult answer) {
        try {
            return answer.getResponse().getContentAsString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
