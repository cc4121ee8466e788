package postern.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Searching over HTTP. */
@OnGreenMail
class SearchMessagesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;

    private final Account account =
            new Account(
                    new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                    SERVER.newUser(),
                    new Password(SERVER.password()));

    @Test
    void answersAPageOfWhatWasFound() {
        append("b", 1);
        append("a", 2);
        append("c", 3);

        var first =
                search("{'filter': {'larger': 1}, 'sort': 'subject', 'limit': 2}", HttpStatus.OK);
        var cursor = first.path("nextCursor").stringValue();
        var second =
                search(
                        "{'filter': {'larger': 1}, 'sort': 'subject', 'limit': 2, 'cursor': '%s'}"
                                .formatted(cursor),
                        HttpStatus.OK);

        assertThat(first.path("total").longValue()).isEqualTo(3);
        assertThat(first.at("/items/0/subject").stringValue()).isEqualTo("a");
        assertThat(first.at("/items/1/subject").stringValue()).isEqualTo("b");
        assertThat(second.at("/items/0/subject").stringValue()).isEqualTo("c");
        assertThat(second.has("nextCursor")).isFalse();
    }

    @Test
    void refusesTheCursorOfAnotherSearch() {
        append("a", 1);
        append("b", 2);
        var cursor = search("{'limit': 1}", HttpStatus.OK).path("nextCursor").stringValue();

        var problem =
                search(
                        "{'limit': 1, 'filter': {'text': 'x'}, 'cursor': '%s'}".formatted(cursor),
                        HttpStatus.BAD_REQUEST);

        assertThat(problem.path("code").stringValue()).isEqualTo("invalid-cursor");
        assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo("/cursor");
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(pointer("{'filter': {'and': [{'form': 'x'}]}}")).isEqualTo("/filter/and/0/form");
        assertThat(pointer("{'filter': {'and': [null]}}")).startsWith("/filter/and");
        assertThat(pointer("{'filter': {'larger': 'x'}}")).isEqualTo("/filter/larger");
        assertThat(pointer("{'sort': 'colour'}")).isEqualTo("/sort");
        assertThat(pointer("{'limit': 0}")).isEqualTo("/limit");
        assertThat(pointer("{'limit': 99999999999}")).isEqualTo("/limit");
        assertThat(pointer("{'limit': 1.9}")).isEqualTo("/limit");
        assertThat(pointer("{'sort': 0}")).isEqualTo("/sort");
        assertThat(pointer("{'fields': ['id', 0]}")).isEqualTo("/fields/1");
        assertThat(pointer("{'mailboxIds': ['nonsense']}")).isEqualTo("/mailboxIds/0");
    }

    /** Clients generated for Java send every optional collection. */
    @Test
    void emptyCollectionsAreAsGoodAsAbsent() {
        append("a", 1);

        var page =
                search(
                        """
                        {'fields': [], 'filter': {'and': [], 'hasAttachment': false, 'or': []},
                         'includeTrashAndJunk': false, 'limit': 5, 'mailboxIds': []}\
                        """,
                        HttpStatus.OK);

        assertThat(page.at("/items/0/subject").asString()).isEqualTo("a");
    }

    @Test
    void readsTextsAndHeaderFieldsOfWhatItFinds() {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            connection.create(MailboxName.of("Other"));
        }
        append("a", 1);
        append(MailboxName.of("Other"), "code", "X-Code: 4711\r\n", 2);

        var page =
                search(
                        """
                        {'filter': {'text': 'text'}, 'sort': 'subject', 'fields': ['subject'],
                         'include': ['text'], 'headerFields': ['x-code']}\
                        """,
                        HttpStatus.OK);

        assertThat(page.at("/items/0/subject").asString()).isEqualTo("a");
        assertThat(page.at("/items/0/text/content").asString()).isEqualTo("text");
        assertThat(page.at("/items/0/headers").isEmpty()).isTrue();
        assertThat(page.at("/items/1/text/content").asString()).isEqualTo("text");
        assertThat(page.at("/items/1/headers/0/value").asString()).isEqualTo("4711");
        assertThat(page.at("/items/1/matchedIn").isArray()).isTrue();
        assertThat(page.has("notFetched")).isFalse();
        assertThat(pointer("{'headerFields': ['a:b']}")).isEqualTo("/headerFields/0");
    }

    @Test
    void headerFieldsAreOfNoEffectBesideAllHeaders() {
        append("a", 1);

        var page =
                search(
                        """
                        {'filter': {'text': 'text'}, 'include': ['headers'],
                         'headerFields': ['x-code']}\
                        """,
                        HttpStatus.OK);

        assertThat(page.at("/items/0/headers").findValuesAsString("name")).contains("Subject");
    }

    @Test
    void searchesLikeGmailNowhereElse() {
        var problem =
                search("{'filter': {'gmailRaw': 'in:all'}}", HttpStatus.UNPROCESSABLE_CONTENT);

        assertThat(problem.path("detail").stringValue()).contains("/filter/gmailRaw");
    }

    @Test
    void listsInAnOrderOfTheCallers() {
        append("b", 1);
        append("a", 2);
        append("c", 3);

        var first = list("sort=-subject&limit=2", HttpStatus.OK);
        var next = "sort=-subject&limit=2&cursor=" + first.path("nextCursor").stringValue();

        assertThat(first.at("/items/0/subject").stringValue()).isEqualTo("c");
        assertThat(first.at("/items/1/subject").stringValue()).isEqualTo("b");
        assertThat(list(next, HttpStatus.OK).at("/items/0/subject").stringValue()).isEqualTo("a");
        list(next.replace("-subject", "subject"), HttpStatus.BAD_REQUEST);
        list("sort=colour", HttpStatus.BAD_REQUEST);
    }

    /** GreenMail leaves out an empty BODY[HEADER.FIELDS]: then the header is read as a whole. */
    @Test
    void tellsWhereNothingIsAutomaticWithoutALack() {
        append(MailboxName.INBOX, "by hand", "", 1);
        append(MailboxName.INBOX, "by a program", "Auto-Submitted: auto-generated\r\n", 2);
        var body = "{'filter': {'automatic': %s}, 'fields': ['subject', 'automatic']}";

        var byHand = search(body.formatted(false), HttpStatus.OK).at("/items/0");
        var byProgram = search(body.formatted(true), HttpStatus.OK).at("/items/0");

        assertThat(byHand.path("subject").stringValue()).isEqualTo("by hand");
        assertThat(byHand.path("automatic").isArray()).isTrue();
        assertThat(byHand.path("automatic")).isEmpty();
        assertThat(byHand.has("degraded")).isFalse();
        assertThat(byProgram.path("automatic")).hasSize(1);
    }

    private String pointer(String body) {
        var problem = search(body, HttpStatus.BAD_REQUEST);
        return problem.at("/errors/0/pointer").asString();
    }

    private JsonNode search(String body, HttpStatus status) {
        var result =
                http.post()
                        .uri("/v1/search")
                        .header(HttpHeaders.AUTHORIZATION, authorization())
                        .contentType("application/json")
                        .content(body.replace('\'', '"'))
                        .exchange();
        assertThat(result).hasStatus(status);
        return JsonMapper.shared().readTree(result.getResponse().getContentAsByteArray());
    }

    private JsonNode list(String parameters, HttpStatus status) {
        var result =
                http.get()
                        .uri("/v1/mailboxes/inbox/messages?" + parameters)
                        .header(HttpHeaders.AUTHORIZATION, authorization())
                        .exchange();
        assertThat(result).hasStatus(status);
        return JsonMapper.shared().readTree(result.getResponse().getContentAsByteArray());
    }

    private String authorization() {
        var pair = account.user() + ":" + SERVER.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private void append(String subject, int second) {
        append(MailboxName.INBOX, subject, "", second);
    }

    private void append(MailboxName mailbox, String subject, String fields, int second) {
        var octets =
                ("Subject: " + subject + "\r\n" + fields + "\r\ntext\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            connection.append(
                    mailbox,
                    Set.of(),
                    Instant.parse("2026-03-01T00:00:00Z").plusSeconds(second),
                    new ByteArrayInputStream(octets),
                    octets.length);
        }
    }
}
