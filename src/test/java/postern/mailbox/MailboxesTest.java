package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Account;
import postern.account.ImapProperties;
import postern.account.Password;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.message.Flag;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@OnGreenMail
class MailboxesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;
    @Autowired private JsonMapper json;
    @Autowired private ImapConnections connections;
    @Autowired private ImapProperties properties;

    private final String user = SERVER.newUser();

    @BeforeEach
    void createMailboxes() {
        var account = new Account(properties.server(), user, new Password(SERVER.password()));
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            for (var name : List.of("Work", "Work.Rechnungen für Jürgen", "Sent Items")) {
                connection.create(MailboxName.of(name));
            }
            append(connection, Set.of());
            append(connection, Set.of(Flag.SEEN));
            append(connection, Set.of());
        }
    }

    private static void append(ImapConnection connection, Set<Flag> flags) {
        var message = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        connection.append(
                MailboxName.of("Work"),
                flags,
                null,
                new ByteArrayInputStream(message),
                message.length);
    }

    @Test
    void listsMailboxesWithRolesParentsAndCounts() {
        var answer = get("/v1/mailboxes");

        assertThat(answer).hasStatusOk().bodyJson().doesNotHavePath("$.nextCursor");
        var mailboxes = json.readTree(body(answer)).get("items");
        assertThat(mailboxes)
                .extracting(it -> it.get("path").asString())
                .containsExactly("INBOX", "Sent Items", "Work", "Work.Rechnungen für Jürgen");
        assertThat(mailboxes)
                .extracting(it -> it.path("role").asString("none"))
                .containsExactly("inbox", "sent", "none", "none");
        assertThat(mailboxes.get(3).get("name").asString()).isEqualTo("Rechnungen für Jürgen");
        assertThat(mailboxes.get(3).get("parentId")).isEqualTo(mailboxes.get(2).get("id"));
        assertThat(mailboxes.get(2).has("parentId")).isFalse();
        assertThat(mailboxes.get(2).get("totalMessages").asLong()).isEqualTo(3);
        assertThat(mailboxes.get(2).get("unreadMessages").asLong()).isEqualTo(2);
    }

    @Test
    void countsAreLeftOutWhenNotWanted() {
        assertThat(get("/v1/mailboxes?counts=false"))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.items[*].totalMessages")
                .isEqualTo(List.of());
    }

    @Test
    void tellsAboutOneMailboxByItsIdOrItsRole() {
        var work = MailboxId.of(MailboxName.of("Work")).text();

        assertThat(get("/v1/mailboxes/" + work))
                .hasStatusOk()
                .bodyJson()
                .hasPathSatisfying("$.id", it -> it.assertThat().isEqualTo(work))
                .hasPathSatisfying("$.totalMessages", it -> it.assertThat().isEqualTo(3))
                .hasPathSatisfying("$.unreadMessages", it -> it.assertThat().isEqualTo(2));
        assertThat(get("/v1/mailboxes/sent"))
                .bodyJson()
                .extractingPath("$.path")
                .isEqualTo("Sent Items");
        assertThat(get("/v1/mailboxes/inbox"))
                .bodyJson()
                .extractingPath("$.path")
                .isEqualTo("INBOX");
    }

    @Test
    void aMailboxThatIsNotThereIs404() {
        assertThat(problem("/v1/mailboxes/" + MailboxId.of(MailboxName.of("Nowhere")).text()))
                .containsEntry("code", "mailbox-not-found");
        assertThat(problem("/v1/mailboxes/flagged"))
                .containsEntry("code", "mailbox-not-found")
                .containsEntry("detail", "no mailbox of this account has the role flagged");
        assertThat(problem("/v1/mailboxes/Work")).containsEntry("code", "mailbox-not-found");
    }

    private Map<String, Object> problem(String path) {
        var answer = get(path);
        assertThat(answer).hasStatus(404);
        return json.readValue(body(answer), new TypeReference<>() {});
    }

    private MvcTestResult get(String path) {
        return http.get()
                .uri(path)
                .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                .exchange();
    }

    private static byte[] body(MvcTestResult answer) {
        return answer.getResponse().getContentAsByteArray();
    }
}
