package postern.cases;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

/** Messages whose structure the mail server does not parse are read correctly. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
class OwnStructureCasesIT {

    private static final byte[] PDF = "%PDF-".getBytes(US_ASCII);

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    static Stream<Arguments> announced() {
        return TestServer.all()
                .flatMap(server ->
                        Stream.of(
                                        "multipart/mixed;; boundary=\"b\"",
                                        "multipart/mixed; boundary*=us-ascii''b",
                                        "multipart/mixed; boundary=\"b",
                                        "multipart/mixed; boundary=\"other\"",
                                        "multipart/mixed")
                                .map(type -> Arguments.of(server, type)));
    }

    @ParameterizedTest
    @MethodSource("announced")
    void aMultipartIsReadHoweverItsBoundaryIsWritten(TestServer server, String type) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var original =
                new String(CaseMailbox.octets("31-multipart-with-double-semicolon"), ISO_8859_1);
        var row =
                mailbox.append(
                        original.replaceFirst(
                                        "Content-Type: multipart[^\r]*",
                                        "Content-Type: " + type.replace("$", "\\$"))
                                .getBytes(ISO_8859_1));

        if (server instanceof RealServer) { // degraded on GreenMail
            assertThat(row.path("hasAttachment").asBoolean()).isTrue();
            assertThat(row.path("preview").asString()).isEqualTo("The words.");
            assertThat(found(mailbox)).isEqualTo(1);
        }
        var message = mailbox.message(row);
        assertThat(text(message)).as(message.path("structure").toString()).isEqualTo("The words.");
        assertThat(message.path("html").path("content").asString()).contains("The words.");
        assertThat(page(mailbox, row)).contains("The words.");
        assertThat(message.path("preview").asString()).isEqualTo("The words.");
        assertThat(message.path("hasAttachment").asBoolean()).isTrue();
        assertThat(message.path("attachments")).hasSize(1);
        var file = message.path("attachments").path(0);
        assertThat(file.path("name").asString()).isEqualTo("a.pdf");
        assertThat(file.path("type").asString()).isEqualTo("application/pdf");
        assertThat(file.path("partId").asString()).isEqualTo("2");
        if (server instanceof RealServer) { // GreenMail has no envelope, either
            assertThat(message.path("degraded").asBoolean(false)).isFalse();
        }
        assertThat(part(mailbox, row, "2")).isEqualTo(PDF);
        requireZipped(mailbox, row, "a.pdf", PDF);
        // and again, from the cache
        assertThat(text(mailbox.message(row))).isEqualTo("The words.");
        requireForwarded(mailbox, row, "a.pdf", PDF);
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aBodyInWhichNoDelimiterOccursIsText(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row =
                mailbox.append(
                        mail(
                                """
                                Content-Type: multipart/mixed; boundary="other"; charset=utf-8

                                The w\u00f6rds.
                                """));

        var message = mailbox.message(row);
        assertThat(text(message)).isEqualTo("The w\u00f6rds.");
        assertThat(message.path("attachments")).isEmpty();
        assertThat(row.path("hasAttachment").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void aMultipartWithinAnotherIsReadAsWell(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row =
                mailbox.append(
                        mail(
                                """
                                Content-Type: multipart/mixed; boundary=a

                                --a
                                Content-Type: multipart/alternative;; boundary="i"

                                --i
                                Content-Type: text/plain

                                Plain words.
                                --i
                                Content-Type: text/html

                                <p>The page.</p>
                                --i--
                                --a
                                Content-Type: application/pdf; name=a.pdf
                                Content-Transfer-Encoding: base64

                                JVBERi0=
                                --a--
                                """));

        var message = mailbox.message(row);
        assertThat(text(message)).isEqualTo("Plain words.");
        assertThat(message.path("html").path("content").asString()).contains("The page.");
        requireZipped(mailbox, row, "a.pdf", PDF);
    }

    /** Larger than what is held in memory, so that it is streamed and supports ranges. */
    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aLargeFileComesOctetForOctet(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var octets = new byte[600_000];
        new Random(1).nextBytes(octets);
        var row =
                mailbox.append(
                        mail(
                                """
                                Content-Type: multipart/mixed;; boundary="b"

                                --b
                                Content-Type: text/plain

                                The words.
                                --b
                                Content-Type: application/octet-stream; name=a.bin
                                Content-Transfer-Encoding: base64

                                %s
                                --b--
                                """
                                        .formatted(
                                                Base64.getMimeEncoder().encodeToString(octets))));

        if (server instanceof RealServer) {
            assertThat(row.path("hasAttachment").asBoolean()).isTrue();
        }
        assertThat(part(mailbox, row, "2")).isEqualTo(octets);
        requireZipped(mailbox, row, "a.bin", octets);
        var head = mailbox.send("HEAD", "/messages/" + id(row) + "/parts/2", null);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(octets.length);
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void whatLiesBehindTheFirstMebibyteIsSaidToBeMissing(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row =
                mailbox.append(
                        mail(
                                "Content-Type: multipart/mixed;; boundary=\"b\"\n\n--b\n\n"
                                        + "The words.\n".repeat(110_000)
                                        + "--b\nContent-Type: application/pdf; name=a.pdf\n\n"
                                        + "PDF\n--b--\n"));
        var message = mailbox.message(row);

        // Cyrus and Courier find the delimiter.
        boolean whole = message.path("attachments").size() == 1;
        assertThat(message.path("degraded").asBoolean(false)).isEqualTo(!whole);
        assertThat(message.path("text").path("truncated").asBoolean()).isTrue();
        assertThat(text(message)).startsWith("The words.");
    }

    static Stream<Arguments> encodings() {
        return TestServer.all()
                .flatMap(server ->
                        Stream.of("message/rfc822", "message/global")
                                .flatMap(type ->
                                        Stream.of("8bit", "base64", "quoted-printable")
                                                .filter(encoding ->
                                                        takesApart(server, type, encoding))
                                                .map(encoding ->
                                                        Arguments.of(server, type, encoding))));
    }

    /** Whether the case works on the server: GreenMail returns changed octets for the others. */
    private static boolean takesApart(TestServer server, String type, String encoding) {
        return server instanceof RealServer
                || !type.equals("message/rfc822")
                || encoding.equals("base64");
    }

    private static final String INNER =
            """
            From: =?utf-8?q?Ann=C3=A9?= <ann@example.org>
            To: bob@example.org
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
            Message-ID: <inner@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=i

            --i
            Content-Type: text/plain; charset=utf-8

            Inner w\u00f6rds.
            --i
            Content-Type: application/pdf; name=a.pdf
            Content-Transfer-Encoding: base64

            JVBERi0=
            --i--
            """;

    @ParameterizedTest
    @MethodSource("encodings")
    void anAttachedMessageOpensHoweverItIsEncoded(TestServer server, String type, String encoding) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row = mailbox.append(around(type, encoding, INNER));

        var outer = mailbox.message(row);
        assertThat(text(outer)).isEqualTo("See.");
        assertThat(outer.path("attachments")).hasSize(1);
        var file = outer.path("attachments").path(0);
        assertThat(file.path("kind").asString()).isEqualTo("message");
        assertThat(file.path("name").asString()).isEqualTo("thanks.eml");
        var inner = message(mailbox, file);

        assertThat(inner.path("subject").asString()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(inner.path("from").path(0).path("name").asString()).isEqualTo("Ann\u00e9");
        assertThat(inner.path("to").path(0).path("email").asString()).isEqualTo("bob@example.org");
        assertThat(inner.path("internetMessageId").asString()).isEqualTo("inner@example.org");
        assertThat(text(inner)).isEqualTo("Inner w\u00f6rds.");
        assertThat(inner.path("headers")).hasSize(6);
        assertThat(inner.path("attachments")).hasSize(1);
        assertThat(inner.path("attachments").path(0).path("name").asString()).isEqualTo("a.pdf");
        assertThat(part(mailbox, inner, "2")).isEqualTo(PDF);
        requireZipped(mailbox, inner, "a.pdf", PDF);
        assertThat(page(mailbox, inner)).contains("Inner w\u00f6rds.");
        assertThat(raw(mailbox, inner)).isEqualTo(INNER.replace("\n", "\r\n").strip());
        requireForwarded(mailbox, inner, "a.pdf", PDF);

        // It is forwarded as a decoded message.
        var forward = forwarded(mailbox, row);
        var passedOn = message(mailbox, forward.path("attachments").path(0));
        assertThat(text(passedOn)).contains("Inner w\u00f6rds.");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void anEncodedMessageMayHoldAnother(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var middle = around("message/rfc822", "base64", INNER);
        var row = mailbox.append(around("message/rfc822", "base64", new String(middle, UTF_8)));

        var within = message(mailbox, mailbox.message(row).path("attachments").path(0));
        assertThat(text(within)).isEqualTo("See.");
        var inner = message(mailbox, within.path("attachments").path(0));

        assertThat(text(inner)).isEqualTo("Inner w\u00f6rds.");
        assertThat(part(mailbox, inner, "2")).isEqualTo(PDF);
        assertThat(raw(mailbox, inner)).isEqualTo(INNER.replace("\n", "\r\n").strip());
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void theCaseOpens(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row = mailbox.append("34-message-global-unread");

        var inner = message(mailbox, mailbox.message(row).path("attachments").path(0));
        assertThat(inner.path("subject").asString()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(text(inner)).isEqualTo("Inner.");
    }

    private static int found(CaseMailbox mailbox) {
        var filter = "{\"filter\": {\"hasAttachment\": true}}";
        return mailbox.post("/search", filter).path("items").size();
    }

    private static JsonNode message(CaseMailbox mailbox, JsonNode attachment) {
        var id = attachment.path("messageId").asString();
        assertThat(id).as(attachment.toString()).isNotEmpty();
        return mailbox.get("/messages/" + id + "?include=text,html,headers");
    }

    private static void requireForwarded(
            CaseMailbox mailbox, JsonNode row, String name, byte[] octets) {
        var draft = forwarded(mailbox, row);
        var file = draft.path("attachments").path(0);
        assertThat(file.path("name").asString()).isEqualTo(name);
        assertThat(part(mailbox, draft, file.path("partId").asString())).isEqualTo(octets);
    }

    private static JsonNode forwarded(CaseMailbox mailbox, JsonNode row) {
        var draft =
                mailbox.post(
                        "/messages/" + id(row) + "/forward",
                        "{\"mailboxId\": \"inbox\", \"text\": \"fyi\"}");
        return mailbox.get("/messages/" + id(draft));
    }

    private static String id(JsonNode row) {
        return row.path("id").asString();
    }

    private static String text(JsonNode message) {
        return message.path("text").path("content").asString().strip();
    }

    private static String page(CaseMailbox mailbox, JsonNode row) {
        return new String(mailbox.octetsOf("/messages/" + id(row) + "/html"), UTF_8);
    }

    private static String raw(CaseMailbox mailbox, JsonNode row) {
        return new String(mailbox.octetsOf("/messages/" + id(row) + "/raw"), UTF_8).strip();
    }

    private static byte[] part(CaseMailbox mailbox, JsonNode row, String partId) {
        return mailbox.octetsOf("/messages/" + id(row) + "/parts/" + partId);
    }

    private static Map<String, byte[]> zipped(CaseMailbox mailbox, JsonNode row) {
        var zip = mailbox.octetsOf("/messages/" + id(row) + "/attachments.zip");
        var files = new LinkedHashMap<String, byte[]>();
        try (var entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (var entry = entries.getNextEntry();
                    entry != null;
                    entry = entries.getNextEntry()) {
                files.put(entry.getName(), entries.readAllBytes());
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireZipped(
            CaseMailbox mailbox, JsonNode row, String name, byte[] octets) {
        var files = zipped(mailbox, row);
        assertThat(files).containsOnlyKeys(name);
        assertThat(files.get(name)).isEqualTo(octets);
    }

    private static byte[] around(String type, String encoding, String inner) {
        var octets = inner.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(UTF_8);
        var encoded =
                switch (encoding) {
                    case "base64" -> Base64.getMimeEncoder().encodeToString(octets);
                    case "quoted-printable" -> quotedPrintable(octets);
                    default -> inner;
                };
        return mail(
                """
                Content-Type: multipart/mixed; boundary=o

                --o
                Content-Type: text/plain

                See.
                --o
                Content-Type: %s; name=thanks.eml
                Content-Transfer-Encoding: %s

                %s
                --o--
                """
                        .formatted(type, encoding, encoded));
    }

    private static String quotedPrintable(byte[] octets) {
        var text = new StringBuilder();
        for (var octet : octets) {
            text.append(
                    octet == '\r'
                            ? ""
                            : octet == '\n' || octet >= ' ' && octet < 0x7f && octet != '='
                                    ? String.valueOf((char) octet)
                                    : "=%02X".formatted(octet & 0xff));
        }
        return text.toString();
    }

    private static byte[] mail(String content) {
        return ("From: ann@example.org\nSubject: outer\nMIME-Version: 1.0\n" + content)
                .replace("\r\n", "\n")
                .replace("\n", "\r\n")
                .getBytes(UTF_8);
    }
}
