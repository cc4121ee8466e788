package postern.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.testclient.PlainImapClient;
import postern.testserver.AnyMailServer;
import postern.testserver.TestServer;
import tools.jackson.databind.JsonNode;

/** The whole life of a message in an app; another mail program checks the results. */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
@NullMarked
class StoryIT {

    private static final String BOUNDARY = "between-the-parts";

    private static final byte[] PIXEL =
            Base64.getDecoder()
                    .decode(
                            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC");

    private static final String DRAFT =
            """
            {"from": [{"name": "Bob", "email": "bob@example.org"}],
             "to": [{"name": "Zoë", "email": "zoe@example.org"}],
             "subject": "Plan für %s",
             "html": "<p>Look: <img src=\\"cid:pixel@example.org\\"></p>",
             "text": "Look.",
             "attachments": [
               {"part": "plan"},
               {"part": "notes", "name": "Übersicht.txt"},
               {"part": "pixel", "cid": "pixel@example.org", "inline": true}]}
            """;

    private static final String BETTER =
            """
            {'from': [{'email': 'bob@example.org'}], 'to': [{'email': 'zoe@example.org'}],
             'subject': 'Plan für August', 'text': 'Look again.',
             'html': '<p>Look again: <img src=\\"cid:pixel@example.org\\"></p>',
             'attachments': [
               {'messageId': '%s', 'partId': '%s', 'cid': 'pixel@example.org', 'inline': true},
               {'messageId': '%s', 'partId': '%s'},
               {'messageId': '%s', 'partId': '%s'}]}
            """;

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aLetterIsWrittenReplacedForwardedFiledFoundAnsweredAndExported(TestServer server)
            throws IOException {
        var user = server.newUser();
        try (var program = PlainImapClient.of(server, user)) {
            var at = OperationContext.at(port, tokens, server, user, program);
            var drafts = at.wireName("drafts");
            var archive = at.wireName("archive");
            var sent = at.wireName("sent");

            // written, with two files and a picture in its text
            var draft =
                    id(
                            at.api()
                                    .post(
                                            "/mailboxes/drafts/messages",
                                            "multipart/form-data; boundary=" + BOUNDARY,
                                            form("Juli"))
                                    .expect(201)
                                    .json());
            assertThat(program.count(drafts)).isOne();
            assertThat(program.flags(drafts)).contains("\\Draft");
            assertIsWhatTheProgramFinds(at, draft, drafts, "Juli");
            var written = at.message(draft);
            assertThat(names(written)).containsExactly("pixel.png", "plan.pdf", "Übersicht.txt");
            assertThat(part(at, written, 1)).isEqualTo("%PDF-1.4\n".getBytes(UTF_8));
            assertThat(part(at, written, 0)).isEqualTo(PIXEL);
            assertThat(at.api().get("/messages/" + draft + "/html").expect(200).text())
                    .contains("src=\"parts/")
                    .doesNotContain("cid:");

            // replaced; its picture and its files stay on the server and are referred to
            var better =
                    id(
                            at.api()
                                    .put(
                                            "/messages/" + draft + "/content",
                                            BETTER.formatted(
                                                    draft,
                                                    partId(written, 0),
                                                    draft,
                                                    partId(written, 1),
                                                    draft,
                                                    partId(written, 2)))
                                    .expect(200)
                                    .json());
            assertThat(program.count(drafts)).isOne();
            assertThat(program.flags(drafts)).contains("\\Draft");
            assertThat(program.search(drafts, "SUBJECT Juli")).isEmpty();
            assertIsWhatTheProgramFinds(at, better, drafts, "August");
            at.mustBeGone(draft);
            assertThat(at.message(better).path("subject").asString()).isEqualTo("Plan für August");
            assertHasAllFiles(at, better);
            assertThat(at.api().get("/messages/" + better + "/html").expect(200).text())
                    .contains("Look again", "src=\"parts/")
                    .doesNotContain("cid:");

            // filed
            var filed =
                    id(
                            at.api()
                                    .patch(
                                            "/messages/" + better,
                                            "{'mailboxId': 'archive', 'keywords': {'$draft': null, '$seen': true}}")
                                    .expect(200)
                                    .json());
            assertThat(program.count(drafts)).isZero();
            assertThat(program.count(archive)).isOne();
            assertThat(program.flags(archive)).contains("\\Seen").doesNotContain("\\Draft");
            assertThat(program.search(archive, "SEEN UNDRAFT")).hasSize(1);
            assertIsWhatTheProgramFinds(at, filed, archive, "August");

            // forwarded, without uploading its files again
            var forward =
                    id(
                            at.api()
                                    .post(
                                            "/messages/" + filed + "/forward",
                                            "{'from': {'email': 'bob@example.org'}, 'to': [{'email': 'eve@example.org'}], 'text': 'See below.'}")
                                    .expect(201)
                                    .json());
            assertThat(program.count(drafts)).isOne();
            assertIsWhatTheProgramFinds(at, forward, drafts, "August");
            assertHasAllFiles(at, forward);
            assertThat(at.api().get("/messages/" + forward + "/html").expect(200).text())
                    .contains("See below", "Look again", "src=\"parts/")
                    .doesNotContain("cid:");

            // found in any mailbox
            var found =
                    at.api()
                            .post(
                                    "/search",
                                    "{'filter': {'subject': 'August', 'hasAttachment': true}}")
                            .expect(200)
                            .json()
                            .path("items");
            assertThat(found).hasSize(2);
            assertThat(List.of(id(found.get(0)), id(found.get(1))))
                    .containsExactlyInAnyOrder(filed, forward);
            for (var elsewhere : List.of("\"INBOX\"", sent)) {
                assertThat(program.search(elsewhere, "SUBJECT August")).isEmpty();
            }

            // answered: the reply in Sent is in its thread
            var answer =
                    id(
                            at.api()
                                    .post(
                                            "/messages/" + filed + "/reply",
                                            "{'from': {'email': 'bob@example.org'}, 'mailboxId': 'sent', 'text': 'Fine.'}")
                                    .expect(201)
                                    .json());
            assertThat(program.count(sent)).isOne();
            assertIsWhatTheProgramFinds(at, answer, sent, "August");
            var thread =
                    at.api()
                            .get("/mailboxes/archive/threads")
                            .expect(200)
                            .json()
                            .path("items")
                            .get(0);
            var conversation =
                    at.api().get("/threads/" + id(thread) + "?scope=account").expect(200).json();
            assertThat(ids(conversation.path("messages"))).contains(filed, answer);

            // exported, and imported into another mailbox
            var mbox = at.api().get("/mailboxes/archive/export?format=mbox").expect(200).body();
            assertThat(new String(mbox, UTF_8)).startsWith("From ").contains("Message-ID:");
            var elsewhere = at.mailbox("Elsewhere");
            at.api()
                    .post("/mailboxes/" + elsewhere + "/import", "application/mbox", mbox)
                    .expect(200);
            var imported = at.id(elsewhere, "Plan für August");
            assertThat(program.count(at.wireName(elsewhere))).isOne();
            assertThat(program.flags(at.wireName(elsewhere))).contains("\\Seen");
            assertIsWhatTheProgramFinds(at, imported, at.wireName(elsewhere), "August");
            assertThat(raw(at, imported)).isEqualTo(raw(at, filed));
            assertHasAllFiles(at, imported);
        }
    }

    /** The other mail program fetches the same octets. */
    private static void assertIsWhatTheProgramFinds(
            OperationContext at, String id, String mailbox, String subject) throws IOException {
        var uids = at.program().search(mailbox, "SUBJECT " + subject);
        assertThat(uids).hasSize(1);
        assertThat(at.program().octets(mailbox, uids.getFirst())).isEqualTo(raw(at, id));
    }

    private static void assertHasAllFiles(OperationContext at, String id) throws IOException {
        var message = at.message(id);
        assertThat(names(message)).containsExactly("pixel.png", "plan.pdf", "Übersicht.txt");
        assertThat(message.path("attachments").get(0).path("inline").asBoolean()).isTrue();
        assertThat(part(at, message, 0)).isEqualTo(PIXEL);
        assertThat(part(at, message, 1)).isEqualTo("%PDF-1.4\n".getBytes(UTF_8));
        assertThat(new String(part(at, message, 2), UTF_8)).startsWith("Grüße");
    }

    private static byte[] raw(OperationContext at, String id) throws IOException {
        return at.api().get("/messages/" + id + "/raw").expect(200).body();
    }

    private static byte[] form(String month) {
        return bytes(
                field("message", null, "application/json", DRAFT.formatted(month).getBytes(UTF_8)),
                field("plan", "plan.pdf", "application/pdf", "%PDF-1.4\n".getBytes(UTF_8)),
                field("notes", "notes.txt", "text/plain", "Grüße\n".getBytes(UTF_8)),
                field("pixel", "pixel.png", "image/png", PIXEL),
                ("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
    }

    private static byte[] field(
            String name,
            @org.jspecify.annotations.Nullable String file,
            String type,
            byte[] content) {
        var head =
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"%s\r\nContent-Type: %s\r\n\r\n"
                        .formatted(
                                BOUNDARY,
                                name,
                                file == null ? "" : "; filename=\"" + file + "\"",
                                type);
        return bytes(head.getBytes(UTF_8), content, "\r\n".getBytes(UTF_8));
    }

    private static byte[] bytes(byte[]... pieces) {
        var all = new java.io.ByteArrayOutputStream();
        for (var piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    private static byte[] part(OperationContext at, JsonNode message, int index)
            throws IOException {
        return at.api()
                .get("/messages/" + id(message) + "/parts/" + partId(message, index))
                .expect(200)
                .body();
    }

    private static String partId(JsonNode message, int index) {
        return message.path("attachments").get(index).path("partId").asString();
    }

    private static List<String> names(JsonNode message) {
        var names = new ArrayList<String>();
        message.path("attachments").forEach(it -> names.add(it.path("name").asString()));
        return names;
    }

    private static List<String> ids(JsonNode items) {
        var ids = new ArrayList<String>();
        items.forEach(it -> ids.add(id(it.path("message"))));
        return ids;
    }

    private static String id(JsonNode resource) {
        return resource.path("id").asString();
    }
}
