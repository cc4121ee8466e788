package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.testserver.InMemoryServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.id.ThreadId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Threads as a web app meets them. */
@OnGreenMail
class ThreadsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;

    private final String user = SERVER.newUser();

    @Test
    void listsAndReadsAThread() {
        append("Message-ID: <a@x>\r\nSubject: Lunch\r\nFrom: Ada <ada@x>\r\n");
        append(
                "Message-ID: <b@x>\r\nSubject: Re: Lunch\r\nFrom: Bob <bob@x>\r\nReferences: <a@x>\r\n");

        var page = json(get("/v1/mailboxes/inbox/threads?limit=5"));
        var line = page.path("items").path(0);
        var thread = json(get("/v1/threads/" + line.path("id").stringValue()));

        assertThat(page.path("items").size()).isEqualTo(1);
        assertThat(page.has("nextCursor")).isFalse();
        assertThat(line.path("subject").stringValue()).isEqualTo("Lunch");
        assertThat(line.path("totalMessages").intValue()).isEqualTo(2);
        assertThat(line.path("unreadMessages").intValue()).isEqualTo(2);
        assertThat(thread.path("messages").path(1).path("parentId"))
                .isEqualTo(line.path("messageIds").path(0));
        assertThat(thread.path("messages").path(1).path("message").path("subject").stringValue())
                .isEqualTo("Re: Lunch");
        assertThat(thread.path("messages").path(0).has("parentId")).isFalse();
        assertThat(thread.path("messages").path(0).path("message").has("threadId")).isFalse();
    }

    @Test
    void answers404ToAThreadThatNeverWas() {
        var other = ThreadId.of(SomeAccount.message(MailboxName.of("Nowhere"), 1, 1), 7).toString();

        assertCode(get("/v1/threads/nonsense"), 404, "thread-not-found");
        assertCode(get("/v1/threads/" + other.substring(0, 12)), 404, "thread-not-found");
        assertCode(get("/v1/threads/" + other), 404, "mailbox-not-found");
        assertCode(get("/v1/threads/" + other + "?scope=account"), 404, "mailbox-not-found");
        assertCode(get("/v1/mailboxes/nonsense/threads"), 404, "mailbox-not-found");
    }

    @Test
    void answers404ToAThreadOfAServerThatKnowsNone() {
        var id = ThreadId.ofServer("T64b478").toString();

        assertCode(get("/v1/threads/" + id), 404, "thread-not-found");
        assertCode(get("/v1/threads/" + id + "?scope=mailbox"), 400, "invalid-request");
    }

    @Test
    void namesTheParameterThatIsWrong() {
        for (var parameter :
                new String[] {
                    "limit=0",
                    "limit=201",
                    "limit=x",
                    "scope=all",
                    "unseen=maybe",
                    "from=",
                    "text=%00",
                    "text=a%0Ab",
                    "sort=size"
                }) {
            var problem = get("/v1/mailboxes/inbox/threads?" + parameter);

            assertCode(problem, 400, "invalid-request");
            assertThat(problem)
                    .bodyJson()
                    .extractingPath("$.errors[0].parameter")
                    .isEqualTo(parameter.substring(0, parameter.indexOf('=')));
        }
        assertCode(get("/v1/mailboxes/inbox/threads?cursor=x"), 400, "invalid-cursor");
    }

    @Test
    void tellsWhoFindsThreads() {
        var features = json(get("/v1/account")).path("features");

        assertThat(features.path("threads").stringValue()).isEqualTo("emulated");
        assertThat(features.path("threadIds").stringValue()).isEqualTo("unavailable");
    }

    private static void assertCode(MvcTestResult result, int status, String code) {
        assertThat(result).hasStatus(status);
        assertThat(result).bodyJson().extractingPath("$.code").isEqualTo(code);
    }

    private static JsonNode json(MvcTestResult result) {
        assertThat(result).hasStatus(HttpStatus.OK);
        return JsonMapper.builder().build().readTree(result.getResponse().getContentAsByteArray());
    }

    private MvcTestResult get(String path) {
        var pair = (user + ":" + SERVER.password()).getBytes(StandardCharsets.UTF_8);
        return http.get()
                .uri(URI.create(path))
                .header(
                        HttpHeaders.AUTHORIZATION,
                        "Basic " + Base64.getEncoder().encodeToString(pair))
                .exchange();
    }

    private void append(String header) {
        var octets = (header + "\r\ntext\r\n").getBytes(StandardCharsets.US_ASCII);
        var account =
                new Account(
                        new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                        user,
                        new Password(SERVER.password()));
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            connection.append(
                    MailboxName.INBOX,
                    Set.of(),
                    null,
                    new ByteArrayInputStream(octets),
                    octets.length);
        }
    }
}
