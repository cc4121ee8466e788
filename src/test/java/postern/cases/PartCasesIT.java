package postern.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

/** Which parts of a message are files, their names and their types. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
class PartCasesIT {

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aPictureBetweenTwoTextsIsAFileAndIsShownWhereItStands(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row = mailbox.append("01-inline-photo-nowhere");

        requireOneFile(mailbox, row, "photo.png", "image/png");
        assertThat(html(mailbox, row))
                .containsSubsequence("See below.", "src=\"parts/2\"", "Sent from my phone");
        assertThat(mailbox.message(row).path("text").path("content").asString())
                .containsSubsequence("See below.", "Sent from my phone");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void whateverIsSentInlineIsAFile(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);

        requireOneFile(
                mailbox,
                mailbox.append("03-inline-named-text-nowhere"),
                "patch.diff",
                "text/plain");
        requireOneFile(
                mailbox,
                mailbox.append("05-pdf-in-related-with-cid"),
                "bill.pdf",
                "application/pdf");
        requireOneFile(
                mailbox, mailbox.append("h3-06-inline-pdf-apple"), "a.pdf", "application/pdf");
        requireOneFile(
                mailbox,
                mailbox.append(mixed("application/pdf; name=b.pdf", "inline")),
                "b.pdf",
                "application/pdf");
        requireOneFile(
                mailbox,
                mailbox.append(
                        mail(
                                "multipart/mixed",
                                "Content-Type: text/plain\n\nSee below.",
                                "Content-Type: message/rfc822\nContent-Disposition: inline\n\n"
                                        + "From: c@example.org\nSubject: within\n\nwords")),
                "message.eml",
                "message/rfc822");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aPictureThatTheHtmlDoesNotReferToIsAFileAndIsShownBelow(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row = mailbox.append("h3-07-inline-image-unreferenced");

        requireOneFile(mailbox, row, "photo.png", "image/png");
        assertThat(html(mailbox, row)).containsSubsequence("<p>Hi</p>", "src=\"parts/2\"");
        assertThat(mailbox.message(row).path("html").path("content").asString())
                .contains("src=\"cid:x1@a\"");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void theAmpRenderingIsNoFile(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row = mailbox.append("13-amp-is-no-file");

        assertThat(row.path("hasAttachment").asBoolean()).isFalse();
        assertThat(mailbox.message(row).path("attachments")).isEmpty();
        assertThat(found(mailbox)).isZero();
        assertThat(mailbox.send("GET", zip(row), null).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void thePageIsTheRootThatRelatedNames(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row = mailbox.append("23-related-root-not-first");
        var message = mailbox.message(row);

        assertThat(message.path("text").path("content").asString()).contains("The page.");
        assertThat(html(mailbox, row)).containsOnlyOnce("src=\"parts/1\"");
        assertThat(row.path("hasAttachment").asBoolean()).isFalse();
        assertThat(message.path("attachments")).hasSize(1);
        assertThat(message.path("attachments").path(0).path("inline").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aStyleSheetBeforeThePageIsNotThePage(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row =
                mailbox.append(
                        mail(
                                "multipart/related",
                                "Content-Type: text/css; name=a.css\n\np { color: red }",
                                "Content-Type: text/html\n\n<p>The page.</p>"));

        assertThat(mailbox.message(row).path("text").path("content").asString().strip())
                .isEqualTo("The page.");
    }

    /** GreenMail returns a body without a valid type as base64, but does not declare it. */
    @ParameterizedTest
    @EnumSource(RealServer.class)
    void aContentTypeThatIsWrittenWrongIsReadAsItIsMeant(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row = mailbox.append("19-content-type-without-semicolon");
        var message = mailbox.message(row);

        assertThat(message.path("structure").path("type").asString()).isEqualTo("text/html");
        assertThat(message.path("text").path("content").asString().strip())
                .isEqualTo("Gr\u00fc\u00dfe an alle.");
        assertThat(row.path("hasAttachment").asBoolean()).isFalse();
        assertThat(message.path("attachments")).isEmpty();
        assertThat(row.path("preview").asString()).isEqualTo("Gr\u00fc\u00dfe an alle.");
    }

    /** GreenMail returns a body without a valid type as base64, but does not declare it. */
    @ParameterizedTest
    @EnumSource(RealServer.class)
    void aBodyOfNoTypeIsText(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        for (var type : List.of("/", "text/", "text", "\"\"", "plain/text", "text/plain, x")) {
            var row =
                    mailbox.append(
                            ("From: ann@example.org\r\nSubject: t\r\nMIME-Version: 1.0\r\n"
                                            + "Content-Type: "
                                            + type
                                            + "\r\n\r\nThe words.\r\n")
                                    .getBytes(UTF_8));
            var message = mailbox.message(row);

            assertThat(message.path("structure").path("type").asString())
                    .as(type)
                    .isEqualTo("text/plain");
            assertThat(message.path("text").path("content").asString().strip())
                    .as(type)
                    .isEqualTo("The words.");
            assertThat(row.path("hasAttachment").asBoolean()).as(type).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aFileOfNoTypeHasTheOneThatIsMeantOrThatItsNameTells(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);

        requireOneFile(
                mailbox, mailbox.append("21-file-of-type-slash"), "a.pdf", "application/pdf");
        requireOneFile(
                mailbox,
                mailbox.append("h3-12-content-type-as-encoded-word"),
                "a.pdf",
                "application/pdf");
        requireOneFile(
                mailbox,
                mailbox.append(mixed("/", "attachment; filename=a.pdf")),
                "a.pdf",
                "application/pdf");
        requireOneFile(
                mailbox,
                mailbox.append(mixed("\"image/png\"", "attachment; filename=a.png")),
                "a.png",
                "image/png");
        requireOneFile(
                mailbox,
                mailbox.append(mixed("application/octet stream", "attachment; filename=a.strange")),
                "a.strange",
                "application/octet-stream");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aFileNameWithoutQuotationMarksComesWhole(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);

        requireOneFile(
                mailbox,
                mailbox.append("28-unquoted-filename-with-blank"),
                "my file.pdf",
                "application/pdf");
        requireOneFile(
                mailbox,
                mailbox.append("h3-13-filename-unquoted-spaces"),
                "Offer 2026 final.pdf",
                "application/pdf");
        requireOneFile(
                mailbox,
                mailbox.append(mixed("application/pdf; name=my file (1).pdf", "")),
                "my file (1).pdf",
                "application/pdf");
        requireOneFile(
                mailbox,
                mailbox.append(mixed("application/pdf", "attachment; filename=file[1].pdf")),
                "file[1].pdf",
                "application/pdf");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aFileNameHasAnExtensionThatFitsTheType(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);

        requireOneFile(
                mailbox,
                mailbox.append(mixed("application/pdf", "attachment; filename=bill")),
                "bill.pdf",
                "application/pdf");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void uuencodeIsEstimatedBySevenTenths(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var file =
                mailbox.message(mailbox.append("33-uuencode-estimated-size"))
                        .path("attachments")
                        .path(0);

        assertThat(file.path("estimatedSize").asLong())
                .isBetween(
                        file.path("size").asLong() * 65 / 100, file.path("size").asLong() * 3 / 4);
    }

    /** The list, the message, the search, the ZIP, the download and a forward agree. */
    private static void requireOneFile(
            CaseMailbox mailbox, JsonNode row, String name, String type) {
        var message = mailbox.message(row);
        var file = message.path("attachments").path(0);
        assertThat(row.path("hasAttachment").asBoolean()).as(name).isTrue();
        assertThat(message.path("hasAttachment").asBoolean()).as(name).isTrue();
        assertThat(message.path("attachments")).as(name).hasSize(1);
        assertThat(file.path("inline").asBoolean()).as(name).isFalse();
        assertThat(file.path("name").asString()).isEqualTo(name);
        assertThat(file.path("type").asString()).isEqualTo(type);
        assertThat(zipped(mailbox.octetsOf(zip(row)))).containsExactly(name);
        var download =
                mailbox.send(
                        "GET",
                        "/messages/"
                                + row.path("id").asString()
                                + "/parts/"
                                + file.path("partId").asString(),
                        null);
        assertThat(download.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
        assertThat(download.headers().firstValue("Content-Disposition").orElseThrow())
                .contains("\"" + name + "\"");
        requireFound(mailbox, row);
        requireForwarded(mailbox, row, name, type);
    }

    private static void requireFound(CaseMailbox mailbox, JsonNode row) {
        assertThat(search(mailbox).findValuesAsString("id")).contains(row.path("id").asString());
    }

    private static int found(CaseMailbox mailbox) {
        return search(mailbox).size();
    }

    private static JsonNode search(CaseMailbox mailbox) {
        return mailbox.post("/search", "{\"filter\": {\"hasAttachment\": true}}").path("items");
    }

    private static void requireForwarded(
            CaseMailbox mailbox, JsonNode row, String name, String type) {
        var draft =
                mailbox.post(
                        "/messages/" + row.path("id").asString() + "/forward",
                        "{\"mailboxId\": \"inbox\", \"text\": \"fyi\"}");
        var file =
                mailbox.get("/messages/" + draft.path("id").asString()).path("attachments").path(0);
        assertThat(file.path("name").asString()).isEqualTo(name);
        assertThat(file.path("type").asString()).isEqualTo(type);
    }

    private static String html(CaseMailbox mailbox, JsonNode row) {
        var path = "/messages/" + row.path("id").asString() + "/html";
        return new String(mailbox.octetsOf(path), UTF_8);
    }

    private static String zip(JsonNode row) {
        return "/messages/" + row.path("id").asString() + "/attachments.zip";
    }

    private static List<String> zipped(byte[] zip) {
        var names = new ArrayList<String>();
        try (var entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (var entry = entries.getNextEntry();
                    entry != null;
                    entry = entries.getNextEntry()) {
                names.add(entry.getName());
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] mixed(String type, String disposition) {
        return mail(
                "multipart/mixed",
                "Content-Type: text/plain\n\nThe words.",
                "Content-Type: "
                        + type
                        + (disposition.isEmpty() ? "" : "\nContent-Disposition: " + disposition)
                        + "\nContent-Transfer-Encoding: base64\n\nJVBERi0=");
    }

    private static byte[] mail(String type, String... parts) {
        return ("From: ann@example.org\nSubject: parts\nMIME-Version: 1.0\nContent-Type: "
                        + type
                        + "; boundary=b\n\n--b\n"
                        + String.join("\n--b\n", parts)
                        + "\n--b--\n")
                .replace("\n", "\r\n")
                .getBytes(UTF_8);
    }
}
