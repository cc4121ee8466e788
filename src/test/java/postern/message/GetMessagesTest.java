package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.imap.ImapConnections;
import postern.imap.message.Flag;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@OnGreenMail
class GetMessagesTest {

    private static final String DATE = "Date: Sun, 1 Mar 2026 12:30:00 +0000\n";

    private static final String NEWS =
            """
            Date: Sun, 1 Mar 2026 12:30:00 +0000
            From: list@example.org
            Subject: %s
            List-Id: =?utf-8?q?Caf=C3=A9?= <news.example.org>
            Auto-Submitted: auto-generated
            Received: by a
            Received: by b
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain

            plain %s
            --a
            Content-Type: text/html

            <p>page %s</p>
            --a--
            --m
            Content-Type: application/pdf
            Content-Disposition: attachment; filename=a.pdf

            x
            --m--
            """;

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;
    private MessageApi api;

    @BeforeEach
    void anEmptyAccount() {
        api = new MessageApi(http, connections);
    }

    @Test
    void answersTheRowsOfListsInTheOrderOfTheIds() {
        var first = api.append("Subject: first\nFrom: ada@example.org\n\ntext\n", Flag.SEEN);
        var second = api.append("Subject: second\nFrom: bob@example.org\n\ntext\n");
        var listed = api.json("/v1/mailboxes/inbox/messages").get("items");

        var found = get("'ids': ['%s', '%s', '%s']".formatted(first, second, first));

        assertThat(found.at("/items/0")).isEqualTo(listed.get(1));
        assertThat(found.at("/items/1")).isEqualTo(listed.get(0));
        assertThat(found.get("items").size()).isEqualTo(2);
        assertThat(found.get("notFound").isEmpty()).isTrue();
        assertThat(found.has("notFetched")).isFalse();
    }

    @Test
    void answersFieldsContentsAndChosenHeadersOfMessagesInSeveralMailboxes() {
        api.create("Lists");
        var here = api.append(NEWS.formatted("here", "here", "here"));
        var there = api.append("Lists", NEWS.formatted("there", "there", "there"));

        var found =
                get(
                        ("'ids': ['%s', '%s'], 'fields': ['subject', 'attachments'],"
                                        + " 'include': ['text', 'html'],"
                                        + " 'headerFields': ['list-id', 'Received', 'Precedence']")
                                .formatted(there, here));

        assertThat(texts(found, "/subject")).containsExactly("there", "here");
        assertThat(texts(found, "/text/content")).containsExactly("plain there", "plain here");
        assertThat(texts(found, "/html/content"))
                .satisfiesExactly(
                        there1 -> assertThat(there1).contains("page there"),
                        here1 -> assertThat(here1).contains("page here"));
        assertThat(texts(found, "/attachments/0/name")).containsExactly("a.pdf", "a.pdf");
        var headers = found.at("/items/0/headers");
        assertThat(Stream.of(0, 1, 2).map(at -> headers.get(at).get("name").asString()))
                .containsExactly("List-Id", "Received", "Received");
        assertThat(headers.at("/0/value").asString()).isEqualTo("Caf\u00e9 <news.example.org>");
        assertThat(headers.size()).isEqualTo(3);
        assertThat(found.at("/items/0").has("from")).isFalse();
        assertThat(found.at("/items/0/mailboxId").asString()).isEqualTo(api.mailboxId("Lists"));
    }

    @Test
    void readsTheSameAsGetMessage() {
        var ids =
                List.of(
                        api.append(NEWS.formatted("a", "a", "a")),
                        api.append(DATE + "Subject: plain\n\njust text\n"),
                        api.append(
                                DATE + "Subject: page\nContent-Type: text/html\n\n<b>bold</b>\n"),
                        api.append(DATE + "Subject: nothing\n\n"));

        var found =
                get(
                        "'ids': ['%s'], 'include': ['text', 'html', 'headers']"
                                .formatted(String.join("', '", ids)));

        assertThat(found.get("items").size()).isEqualTo(4);
        for (var item : found.get("items")) {
            var alone =
                    api.json(
                            "/v1/messages/{id}?include=text,html,headers",
                            item.get("id").asString());
            assertThat(item.properties()).isNotEmpty();
            for (var property : item.properties()) {
                if (!property.getKey().equals("order")) {
                    assertThat(property.getValue())
                            .as(property.getKey())
                            .isEqualTo(alone.get(property.getKey()));
                }
            }
        }
    }

    @Test
    void saysOfEachIdWhyThereIsNoMessage() {
        api.create("Old");
        var kept = api.append("Subject: kept\n\nx\n");
        var gone = api.append("Subject: gone\n\nx\n");
        var lost = api.append("Old", "Subject: lost\n\nx\n");
        api.expunge(gone);
        assertThat(api.send(HttpMethod.DELETE, deletion("Old"), "")).hasStatus2xxSuccessful();
        var other = new MessageApi(http, connections);
        other.create("Theirs");
        var foreign = other.append("Theirs", "Subject: theirs\n\nx\n");

        var found = get("'ids': ['%s','%s','%s','%s']".formatted(gone, lost, foreign, kept));

        assertThat(texts(found, "/subject")).containsExactly("kept");
        var problems = new ArrayList<String>();
        for (var missing : found.get("notFound")) {
            var alone = api.get("/v1/messages/{id}", missing.get("id").asString());
            var problem = missing.get("problem");
            assertThat(alone).hasStatus(problem.get("status").asInt());
            var answered = api.json(alone, HttpStatus.valueOf(problem.get("status").asInt()));
            assertThat(((ObjectNode) answered).without("requestId")).isEqualTo(problem);
            problems.add(missing.get("id").asString() + " " + problem.get("code").asString());
        }
        assertThat(problems)
                .containsExactly(
                        gone + " message-not-found",
                        lost + " mailbox-not-found",
                        foreign + " mailbox-not-found");
    }

    @Test
    void namesTheMessagesBeyondTheOctetsOfTheRequest() {
        var ids =
                IntStream.range(0, 5)
                        .mapToObj(i -> api.append("Subject: m\n\n" + "x".repeat(900) + "\n"))
                        .toList();
        var asked = new ArrayList<>(ids);
        var read = new ArrayList<String>();
        for (int requests = 1; !asked.isEmpty(); requests++) {
            var found =
                    get(
                            "'ids': ['%s'], 'include': ['text'], 'maxOctets': 2000"
                                    .formatted(String.join("','", asked)));
            found.get("items").forEach(item -> read.add(item.get("id").asString()));
            asked.clear();
            found.path("notFetched").forEach(id -> asked.add(id.asString()));
            assertThat(requests).isLessThanOrEqualTo(3);
        }

        assertThat(read).isEqualTo(ids);
    }

    @Test
    void readsAtLeastOneMessageHoweverLong() {
        var id = api.append("Subject: m\n\n" + "x".repeat(900) + "\n");

        var found = get("'ids': ['%s'], 'include': ['text'], 'maxOctets': 1".formatted(id));

        assertThat(texts(found, "/id")).containsExactly(id);
    }

    @Test
    void readsAnAttachedMessageByItsId() {
        var outer =
                api.append(
                        """
                        Subject: outer
                        Content-Type: multipart/mixed; boundary=m

                        --m
                        Content-Type: message/rfc822

                        Subject: inner
                        X-Inner: yes

                        inner text
                        --m--
                        """);
        var inner = api.json("/v1/messages/{id}", outer).at("/attachments/0/messageId").asString();

        var found =
                get(
                        "'ids': ['%s', '%s'], 'include': ['text'], 'headerFields': ['X-Inner']"
                                .formatted(inner, outer));

        assertThat(texts(found, "/subject")).containsExactly("inner", "outer");
        assertThat(texts(found, "/text/content").getFirst()).isEqualTo("inner text");
        assertThat(found.at("/items/0/headers/0/value").asString()).isEqualTo("yes");
        assertThat(found.at("/items/0/keywords").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'ids': [] | /ids",
                "'ids': ['x'] | /ids/0",
                "'ids': ['ID'], 'headerFields': ['a b'] | /headerFields/0",
                "'ids': ['ID'], 'headerFields': ['A', 'Subject:'] | /headerFields/1",
                "'ids': ['ID'], 'headerFields': ['ü'], 'include': ['headers'] | /headerFields/0",
                "'ids': ['ID'], 'maxOctets': 0 | /maxOctets",
                "'ids': ['ID'], 'maxOctets': 8000001 | /maxOctets",
                "'ids': ['ID'], 'include': ['raw'] | /include/0"
            })
    void namesWhatIsWrongWithTheRequest(String body, String pointer) {
        var id = api.append("Subject: m\n\nx\n");

        var answer =
                api.json(
                        api.send(
                                HttpMethod.POST,
                                "/v1/messages/get",
                                "{" + body.replace("ID", id) + "}"),
                        HttpStatus.BAD_REQUEST);

        assertThat(answer.at("/errors/0/pointer").asString()).isEqualTo(pointer);
    }

    @Test
    void refusesMoreIdsThanItReads() {
        var ids = "'%s',".formatted(api.append("Subject: m\n\nx\n")).repeat(501);

        var answer =
                api.send(
                        HttpMethod.POST,
                        "/v1/messages/get",
                        "{'ids': [%s]}".formatted(ids.substring(0, ids.length() - 1)));

        assertThat(answer).hasStatus(HttpStatus.BAD_REQUEST);
    }

    private String deletion(String mailbox) {
        return "/v1/mailboxes/" + api.mailboxId(mailbox) + "?withMessages=true";
    }

    private JsonNode get(String members) {
        return api.json(
                api.send(HttpMethod.POST, "/v1/messages/get", "{" + members + "}"), HttpStatus.OK);
    }

    private static List<String> texts(JsonNode found, String pointer) {
        var texts = new ArrayList<String>();
        found.get("items").forEach(item -> texts.add(item.at(pointer).asString()));
        return texts;
    }
}
