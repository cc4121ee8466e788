package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.imap.ImapConnections;
import postern.imap.message.Flag;
import postern.message.metadata.ListPosition;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

@OnGreenMail
class ListMessagesTest {

    private static final String LIST = "/v1/mailboxes/inbox/messages";

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;
    private MessageApi api;

    @BeforeEach
    void anEmptyAccount() {
        api = new MessageApi(http, connections);
    }

    @Test
    void showsWhatAListNeeds() {
        var id =
                api.append(
                        """
                        Date: Sun, 1 Mar 2026 12:30:00 +0100
                        From: =?utf-8?q?Ren=C3=A9?= <rene@example.org>
                        To: Ada <ada@example.org>, bob@example.org
                        Subject: =?utf-8?b?Y2Fmw6k=?=
                        Message-ID: <1@example.org>
                        In-Reply-To: <0@example.org>

                        text
                        """,
                        Flag.SEEN,
                        new Flag("invoice"));

        var item = api.json(LIST).get("items").get(0);

        assertThat(item.get("id").asString()).isEqualTo(id);
        assertThat(item.get("mailboxId").asString()).isEqualTo(api.mailboxId("INBOX"));
        assertThat(item.get("subject").asString()).isEqualTo("caf\u00e9");
        assertThat(item.at("/from/0/name").asString()).isEqualTo("Ren\u00e9");
        assertThat(item.at("/from/0/email").asString()).isEqualTo("rene@example.org");
        assertThat(item.at("/to/1/email").asString()).isEqualTo("bob@example.org");
        assertThat(item.at("/to/1").has("name")).isFalse();
        assertThat(item.get("cc").isEmpty()).isTrue();
        assertThat(item.get("sentAt").asString()).isEqualTo("2026-03-01T11:30:00Z");
        assertThat(item.get("receivedAt").asString()).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(item.get("size").asLong()).isPositive();
        assertThat(item.get("internetMessageId").asString()).isEqualTo("1@example.org");
        assertThat(item.at("/inReplyTo/0").asString()).isEqualTo("0@example.org");
        assertThat(item.get("hasAttachment").asBoolean()).isFalse();
        assertThat(item.at("/keywords/$seen").asBoolean()).isTrue();
        assertThat(item.at("/keywords/invoice").asBoolean()).isTrue();
        assertThat(item.has("degraded")).isFalse();
    }

    @Test
    void pagesNewestFirstAndEndsWithoutACursor() {
        append(7);

        var page = api.json(LIST + "?limit=3");
        var all = new ArrayList<>(subjects(page));
        while (page.has("nextCursor")) {
            page = api.json(LIST + "?limit=3&cursor={c}", page.get("nextCursor").asString());
            all.addAll(subjects(page));
        }

        assertThat(all).containsExactly("m7", "m6", "m5", "m4", "m3", "m2", "m1");
        assertThat(subjects(page)).containsExactly("m1");
    }

    @Test
    void newMailAndExpungedMailDoNotShiftThePages() {
        var ids = append(9);
        var page = api.json(LIST + "?limit=3");

        append(2);
        api.expunge(ids.get(0));
        api.expunge(ids.get(6));
        api.expunge(ids.get(4));
        var next = api.json(LIST + "?limit=3&cursor={c}", page.get("nextCursor").asString());

        assertThat(subjects(next)).containsExactly("m6", "m4", "m3");
    }

    @Test
    void showsNewMailAndNewFlagsOnAMailboxThatItKnows() {
        var ids = append(3);
        api.json(LIST);

        append(1);
        api.patch(ids.get(2), "{'keywords': {'$flagged': true}}");
        var page = api.json(LIST);

        assertThat(subjects(page)).containsExactly("m1", "m3", "m2", "m1");
        assertThat(page.at("/items/1/keywords/$flagged").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&sort=subject", "&subject=letter"})
    void rowsHaveTheHeaderFieldsThatAreAskedForAlsoOfMessagesThatItKnows(String how) {
        api.append("Subject: letter 1\nX-A: one\n two\nReceived: x\nReceived: y\n\ntext\n");
        api.append("Subject: letter 2\nX-B: no\n\ntext\n");
        api.json(LIST);
        api.append("Subject: letter 3\nAUTO-SUBMITTED: =?utf-8?q?caf=C3=A9?=\n\ntext\n");

        var rows = api.json(LIST + "?headerFields=x-a,Auto-Submitted,received" + how).get("items");

        assertThat(rows)
                .extracting(row -> row.get("subject").asString() + row.get("headers"))
                .containsExactlyInAnyOrder(
                        "letter 1[{\"name\":\"X-A\",\"value\":\"one two\"},"
                                + "{\"name\":\"Received\",\"value\":\"x\"},"
                                + "{\"name\":\"Received\",\"value\":\"y\"}]",
                        "letter 2[]",
                        "letter 3[{\"name\":\"AUTO-SUBMITTED\",\"value\":\"caf\u00e9\"}]");
        assertThat(api.json(LIST).at("/items/0").has("headers")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "a b", "ü", "a,,b", "(x)"})
    void namesThatAreNoHeaderFieldsAreRefused(String names) {
        var answer = api.json(api.get(LIST + "?headerFields={n}", names), HttpStatus.BAD_REQUEST);

        assertThat(answer.at("/errors/0/parameter").asString()).isEqualTo("headerFields");
    }

    @Test
    void moreHeaderFieldsThanTwentyAreRefused() {
        assertThat(api.get(LIST + "?headerFields=" + "a,".repeat(20) + "a"))
                .hasStatus(HttpStatus.BAD_REQUEST);
    }

    @Test
    void rowsHaveTheirFilesWhereTheyAreAskedFor() {
        var id =
                api.append(
                        """
                        Subject: files
                        Content-Type: multipart/mixed; boundary=m

                        --m

                        text
                        --m
                        Content-Type: application/pdf
                        Content-Disposition: attachment; filename="=?utf-8?q?caf=C3=A9?=.pdf"

                        x
                        --m
                        Content-Type: message/rfc822

                        Subject: inner

                        x
                        --m--
                        """);
        api.append("Subject: plain\n\ntext\n");
        api.json(LIST);

        var rows = api.json(LIST + "?fields=attachments").get("items");

        assertThat(rows.at("/0/attachments").isEmpty()).isTrue();
        assertThat(rows.at("/1/attachments"))
                .isEqualTo(api.json("/v1/messages/{id}", id).get("attachments"));
        assertThat(rows.at("/1/attachments").size()).isEqualTo(2);
        assertThat(rows.at("/1").has("subject")).isFalse();
        assertThat(api.json(LIST).at("/items/1").has("attachments")).isFalse();
    }

    @Test
    void shortRowsComeInLongPages() {
        append(3);
        assertThat(api.json(LIST + "?fields=id&limit=10000").get("items").size()).isEqualTo(3);
        for (var other :
                new String[] {
                    "fields=id&limit=10001",
                    "fields=id,subject&limit=1001",
                    "fields=id&limit=1001&unseen=true",
                    "fields=id&limit=1001&sort=size",
                    "fields=id&limit=1001&headerFields=x"
                }) {
            var answer = api.json(api.get(LIST + "?" + other), HttpStatus.BAD_REQUEST);
            assertThat(answer.at("/errors/0/parameter").asString()).isEqualTo("limit");
        }
    }

    @Test
    void anEmptyMailboxIsAnEmptyList() {
        var page = api.json(LIST);

        assertThat(page.get("items").isEmpty()).isTrue();
        assertThat(page.has("nextCursor")).isFalse();
    }

    @Test
    void answersTheFieldsThatAreAskedForAndThoseThatARowIsKeptBy() {
        append(1);

        assertThat(fields("subject,size"))
                .containsExactlyInAnyOrderElementsOf(kept("subject", "size"));
        assertThat(fields("id")).containsExactlyInAnyOrderElementsOf(kept());
        assertThat(fields("keywords&fields=from"))
                .containsExactlyInAnyOrderElementsOf(kept("from"));
    }

    private Collection<String> fields(String fields) {
        return api.json(LIST + "?fields=" + fields).at("/items/0").propertyNames();
    }

    private static List<String> kept(String... others) {
        var always = Stream.of("id", "mailboxId", "order", "keywords", "receivedAt");
        return Stream.concat(always, Stream.of(others)).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0 | limit",
                "limit=1001 | limit",
                "limit=x | limit",
                "fields=nonsense | fields",
                "cursor=x | cursor",
                "since=yesterday | since",
                "before=2026-13-01 | before",
                "hasKeyword=a(b | hasKeyword",
                "larger=-1 | larger",
                "subject= | subject",
                "unseen=perhaps | unseen",
                "colour=red | colour"
            })
    void namesTheParameterThatCannotBe(String query, String parameter) {
        var problem = api.json(api.get(LIST + "?" + query), HttpStatus.BAD_REQUEST);

        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo(parameter);
    }

    @Test
    void finds() {
        append(3);
        api.append("Subject: invoice\nFrom: ada@example.org\n\nbig" + "x".repeat(5_000), Flag.SEEN);

        assertThat(subjects(api.json(LIST + "?subject=INVOICE"))).containsExactly("invoice");
        assertThat(subjects(api.json(LIST + "?from=ada@example.org"))).containsExactly("invoice");
        assertThat(subjects(api.json(LIST + "?larger=4000"))).containsExactly("invoice");
        assertThat(subjects(api.json(LIST + "?smaller=4000&limit=2"))).containsExactly("m3", "m2");
        assertThat(subjects(api.json(LIST + "?unseen=false"))).containsExactly("invoice");
        assertThat(subjects(api.json(LIST + "?unseen=true"))).containsExactly("m3", "m2", "m1");
        assertThat(subjects(api.json(LIST + "?flagged=true"))).isEmpty();
        assertThat(subjects(api.json(LIST + "?hasKeyword=$seen"))).containsExactly("invoice");
        assertThat(subjects(api.json(LIST + "?since=2026-03-01T00:00:00Z"))).hasSize(4);
        assertThat(subjects(api.json(LIST + "?since=2026-03-01T00:00:01Z"))).isEmpty();
        assertThat(subjects(api.json(LIST + "?before=2026-03-01T00:00:01Z"))).hasSize(4);
        assertThat(subjects(api.json(LIST + "?before=2026-03-01T00:00:00Z"))).isEmpty();
    }

    @Test
    void showsTheBeginningOfTheTextWhereTheServerDoesNot() {
        api.append("Subject: a\nFrom: x@example.org\n\nCome  to\ntea.\n\n> When?\n");
        api.append(
                """
                Subject: b
                From: x@example.org
                MIME-Version: 1.0
                Content-Type: text/html; charset=iso-8859-1
                Content-Transfer-Encoding: quoted-printable

                <html><head><style>p {color: red}</style></head><p>Caf=E9 <b>closed</b></p></html>
                """);
        api.append("Subject: c\nMIME-Version: 1.0\nContent-Type: image/png\n\nx\n");

        var items = api.json(LIST).get("items");
        var message = api.json("/v1/messages/" + items.get(1).get("id").asString());

        assertThat(items.get(0).get("preview").asString()).isEmpty();
        assertThat(items.get(1).get("preview").asString()).isEqualTo("Caf\u00e9 closed");
        assertThat(items.get(2).get("preview").asString()).isEqualTo("Come to tea.");
        assertThat(message.get("preview").asString()).isEqualTo("Caf\u00e9 closed");
        assertThat(api.json(LIST + "?fields=preview").get("items").get(2).get("preview").asString())
                .isEqualTo("Come to tea.");
        assertThat(api.json(LIST + "?fields=subject").get("items").get(2).has("preview")).isFalse();
    }

    @Test
    void aCursorOfAnotherNumberingIsGone() {
        append(2);
        var other = new ListPosition(1, 2, 2).toCursor();

        var problem = api.json(api.get(LIST + "?cursor={c}", other), HttpStatus.GONE);

        assertThat(problem.get("code").asString()).isEqualTo("mailbox-reset");
    }

    @Test
    void aMailboxThatIsNotThereIsNotFound() {
        var path = "/v1/mailboxes/" + api.mailboxId("Nowhere") + "/messages";

        assertThat(api.json(api.get(path), HttpStatus.NOT_FOUND).get("code").asString())
                .isEqualTo("mailbox-not-found");
    }

    private List<String> append(int count) {
        var ids = new ArrayList<String>();
        for (int i = 1; i <= count; i++) {
            ids.add(api.append("Subject: m" + i + "\nFrom: x@example.org\n\ntext\n"));
        }
        return ids;
    }

    private static List<String> subjects(JsonNode page) {
        return page.get("items").valueStream().map(i -> i.get("subject").asString()).toList();
    }
}
