package postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.imap.MailboxName;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Mailboxes whose roles only the user knows. */
@OnGreenMail
class AssignedRolesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String WEG = MailboxId.of(MailboxName.of("Weg damit")).text();

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;

    private final String user = SERVER.newUser();

    @Test
    void aRoleHoldsWhereverOneIsNamed() {
        var before = logIn("{}");
        send("POST", "/v1/mailboxes", before, "{'name':'Weg damit'}");
        send("POST", "/v1/mailboxes", before, "{'role':'trash','name':'Trash'}");

        var token = logIn("{'trash':'%s'}".formatted(WEG));

        assertThat(roles(token)).contains("trash=Weg damit").doesNotContain("trash=Trash");
        assertThat(roles(before)).contains("trash=Trash");
        var message =
                tree(send("POST", "/v1/mailboxes/inbox/messages", token, "{'text':'x'}"))
                        .path("id")
                        .asString();
        assertThat(send("DELETE", "/v1/messages/" + message, token, null)).hasStatus(204);
        assertThat(messages(WEG, token)).hasSize(1);
        assertThat(messages("trash", token)).hasSize(1);
        assertThat(messages("trash", before)).isEmpty();
        // a search passes the trash over
        assertThat(tree(send("POST", "/v1/search", token, "{'filter':{}}")).path("items"))
                .isEmpty();
        assertThat(tree(send("POST", "/v1/search", before, "{'filter':{}}")).path("items"))
                .hasSize(1);
    }

    @Test
    void aNarrowedTokenKeepsTheRoles() {
        send("POST", "/v1/mailboxes", logIn("{}"), "{'name':'Weg damit'}");
        var token = logIn("{'trash':'%s'}".formatted(WEG));

        assertThat(roles(narrowed(token, "trash"))).containsExactly("trash=Weg damit");
    }

    @Test
    void theSessionTellsTheRolesThatItsTokenReaches() {
        send("POST", "/v1/mailboxes", logIn("{}"), "{'name':'Weg damit'}");
        var token = logIn("{'trash':'%s'}".formatted(WEG));

        assertThat(tree(send("GET", "/v1/sessions/current", token, null)).path("roles"))
                .hasToString("{\"trash\":\"%s\"}".formatted(WEG));
        for (var without : List.of(logIn("{}"), narrowed(token, "inbox"))) {
            assertThat(tree(send("GET", "/v1/sessions/current", without, null)).has("roles"))
                    .isFalse();
        }
    }

    @Test
    void aRoleEndsWithItsMailbox() {
        send("POST", "/v1/mailboxes", logIn("{}"), "{'name':'Weg damit'}");
        var token = logIn("{'trash':'%s'}".formatted(WEG));

        send("PATCH", "/v1/mailboxes/" + WEG, token, "{'name':'Anders'}");

        assertThat(roles(token)).noneMatch(role -> role.startsWith("trash="));
        assertThat(send("GET", "/v1/mailboxes/trash", token, null)).hasStatus(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'bin':'WEG'} | /roles/bin",
                "{'a/b':'WEG'} | /roles/a~1b",
                "{'inbox':'WEG'} | /roles/inbox",
                "{'sent':'inbox'} | /roles/sent",
                "{'sent':'archive'} | /roles/sent",
                "{'sent':'nonsense'} | /roles/sent",
                "{'sent':'OTHER'} | /roles/sent"
            })
    void aBadRoleIsNamed(String roles, String pointer) {
        send("POST", "/v1/mailboxes", logIn("{}"), "{'name':'Weg damit'}");
        var other = MailboxId.of(MailboxName.of("No such")).text();

        var answer = attempt(roles.replace("WEG", WEG).replace("OTHER", other));

        assertThat(answer).hasStatus(400);
        assertThat(answer)
                .bodyJson()
                .extractingPath("$.errors[*].pointer")
                .isEqualTo(List.of(pointer));
    }

    @Test
    void namesThatDoNotFitIntoATokenAreRefused() {
        var longName = MailboxId.of(MailboxName.of("x".repeat(1_001))).text();

        assertThat(attempt("{'sent':'%s'}".formatted(longName)))
                .hasStatus(400)
                .bodyJson()
                .extractingPath("$.errors[*].pointer")
                .isEqualTo(List.of("/roles"));
    }

    @Test
    void aMailboxHasOneRole() {
        send("POST", "/v1/mailboxes", logIn("{}"), "{'name':'Weg damit'}");

        assertThat(attempt("{'sent':'%s','trash':'%s'}".formatted(WEG, WEG))).hasStatus(400);
    }

    private String narrowed(String token, String mailbox) {
        return tree(send(
                        "POST",
                        "/v1/sessions/current/narrow",
                        token,
                        "{'scopes':['read'],'mailboxIds':['%s']}".formatted(mailbox)))
                .path("token")
                .asString();
    }

    private String logIn(String roles) {
        var answer = attempt(roles);
        assertThat(answer).hasStatus(201);
        return tree(answer).path("token").asString();
    }

    private MvcTestResult attempt(String roles) {
        return send(
                "POST",
                "/v1/sessions",
                null,
                "{'username':'%s','password':'%s','roles':%s}"
                        .formatted(user, SERVER.password(), roles));
    }

    private List<String> roles(String token) {
        return tree(send("GET", "/v1/mailboxes", token, null))
                .path("items")
                .valueStream()
                .filter(mailbox -> mailbox.has("role"))
                .map(mailbox ->
                        mailbox.path("role").asString() + "=" + mailbox.path("name").asString())
                .toList();
    }

    private JsonNode messages(String mailbox, String token) {
        return tree(send("GET", "/v1/mailboxes/" + mailbox + "/messages", token, null))
                .path("items");
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

    private JsonNode tree(MvcTestResult answer) {
        try {
            return json.readTree(answer.getResponse().getContentAsString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
