package postern.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.InMemoryServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

/** The text of a message is the same wherever it is shown, on every server. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
class TextCasesIT {

    private static final Map<String, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put("14-blank-plain-twin", "Hello from the page.");
        WORDS.put("15-html-then-empty-part", "Hello from the page.");
        WORDS.put("16-empty-server-preview-trusted", "Hello from the page.");
        WORDS.put("17-server-preview-undecoded", "Привет, как дела?");
        WORDS.put("22-meta-charset-unread", "Zażółć gęślą jaźń, proszę.");
        WORDS.put("25-utf8-with-latin1-tail", "Schöne Grüße. Fußzeile schön in Köln für Jürgen.");
        WORDS.put("26-base64-with-plain-footer", "Schöne Grüße aus dem Norden, und bis bald.");
        WORDS.put(
                "27-utf8-labelled-as-other", "Привет, это письмо в другой кодировке. До встречи!");
        WORDS.put("h3-08-preview-no-charset-1251", "Привет");
        WORDS.put("h3-09-preview-utf8-label-latin1-octets", "Grüße aus Köln");
        WORDS.put("h3-10-preview-latin1-label-1252-octets", "“quoted” € 10");
        WORDS.put("h3-11-empty-plain-alternative", "The real text");
    }

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void saysTheSameInListSearchMessageAndReply(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        WORDS.forEach((name, words) -> {
            var row = mailbox.append(name);
            // GreenMail decodes every part itself and refuses one that it cannot decode.
            if (server != InMemoryServer.GREENMAIL || !name.startsWith("26-")) {
                says(mailbox, name, row, words);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void decodesMisspeltTransferEncodings(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        if (server == InMemoryServer.GREENMAIL) {
            return; // decodes every part itself and refuses an unknown encoding
        }
        says(
                mailbox,
                "Base-64",
                append(mailbox, "text/plain", "Base-64", "SGVsbG8gd29ybGQ="),
                "Hello world");
        says(
                mailbox,
                "quoted_printable",
                append(mailbox, "text/plain", "quoted_printable", "caf=C3=A9 au lait"),
                "café au lait");
        for (var encoding : new String[] {"7-bit", "8-bit", "utf-8"}) {
            says(
                    mailbox,
                    encoding,
                    append(mailbox, "text/plain", encoding, "Words as they are"),
                    "Words as they are");
        }
    }

    /** Dovecot's preview begins with the title and contains fillers. */
    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void showsNoTitleAndNoFillerAsPreview(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        says(
                mailbox,
                "title",
                append(
                        mailbox,
                        "text/html",
                        "8bit",
                        "<html><head><title>A case</title></head><body><p>The"
                                + " words.</p></body></html>"),
                "The words.");
        says(
                mailbox,
                "filler",
                append(
                        mailbox,
                        "text/html",
                        "8bit",
                        "<div>&nbsp;&#847;&zwnj;&nbsp;&#8203;</div>"
                                + "<!-- x -->".repeat(300)
                                + "<p>The words.</p>"),
                "The words.");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void showsThePlainTextWhereThePageIsBlank(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var body =
                """
                --b
                Content-Type: text/plain; charset=utf-8

                The plain words.
                --b
                Content-Type: text/html; charset=utf-8

                <html><head><title>x</title></head><body><p>&nbsp;</p></body></html>
                --b--
                """;

        var row = append(mailbox, "multipart/alternative; boundary=b", "8bit", body);

        says(mailbox, "blank page", row, "The plain words.");
        assertThat(mailbox.message(row).path("html").path("content").asString())
                .contains("The plain words.");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void showsRawUtf8InsideAnEncodedWordAsItStands(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);

        var row = mailbox.append("h3-14-encoded-word-raw-utf8-inside");

        var header = new StringBuilder();
        for (var field : mailbox.message(row).path("headers")) {
            if (field.path("name").asString().equalsIgnoreCase("From")) {
                header.append(field.path("value").asString());
            }
        }
        assertThat(header.toString()).contains("Kévin").doesNotContain("=?");
    }

    private static JsonNode append(CaseMailbox mailbox, String type, String encoding, String body) {
        var message =
                """
                From: Ann Example <ann@example.org>
                To: Bob Example <bob@example.org>
                Subject: A case
                Date: Sat, 28 Nov 2026 10:00:00 +0000
                MIME-Version: 1.0
                Content-Type: %s
                Content-Transfer-Encoding: %s

                %s
                """
                        .formatted(
                                type.startsWith("text/") ? type + "; charset=utf-8" : type,
                                encoding,
                                body)
                        .replace("\n", "\r\n");
        return mailbox.append(message.getBytes(UTF_8));
    }

    private static void says(CaseMailbox mailbox, String name, JsonNode row, String words) {
        assertThat(row.path("preview").asString()).as("%s: list", name).isEqualTo(words);
        assertThat(found(mailbox, row).path("preview").asString())
                .as("%s: search", name)
                .isEqualTo(words);
        var message = mailbox.message(row);
        assertThat(message.path("preview").asString()).as("%s: message", name).isEqualTo(words);
        assertThat(message.path("text").path("content").asString().strip())
                .as("%s: text", name)
                .isEqualTo(words);
        assertThat(message.path("html").path("content").asString())
                .as("%s: HTML", name)
                .contains(words);
        var reply =
                mailbox.post(
                        "/messages/" + row.path("id").asString() + "/reply",
                        "{\"text\": \"Yes.\", \"mailboxId\": \"inbox\"}");
        var draft = mailbox.message(reply);
        assertThat(draft.path("text").path("content").asString())
                .as("%s: reply", name)
                .contains("> " + words);
        assertThat(draft.path("html").path("content").asString())
                .as("%s: reply in HTML", name)
                .contains(words);
    }

    private static JsonNode found(CaseMailbox mailbox, JsonNode row) {
        for (var item : mailbox.post("/search", "{\"mailboxIds\": [\"inbox\"]}").path("items")) {
            if (item.path("id").equals(row.path("id"))) {
                return item;
            }
        }
        throw new AssertionError("not found");
    }
}
