package postern.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import postern.testserver.InMemoryServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Creation of messages through a real web server. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.compose.max-upload=4MB", "postern.compose.max-text=100KB"})
@Timeout(60)
class CreateMessageTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String LETTER = "Message-ID: <1@x>\r\nSubject: hi\r\n\r\ntext\r\n";

    @LocalServerPort private int port;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper json = JsonMapper.builder().build();
    private final String user = SERVER.newUser();

    @DynamicPropertySource
    static void mailServer(DynamicPropertyRegistry properties) {
        properties.add("postern.imap.host", SERVER::host);
        properties.add("postern.imap.port", SERVER::port);
        properties.add("postern.imap.security", () -> "none");
    }

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void tellsWhereTheNewMessageIs() throws Exception {
        var answer =
                post(
                        "inbox/messages?keywords=$seen&keywords=todo&receivedAt=2026-03-01T09:34:56Z",
                        "message/rfc822",
                        BodyPublishers.ofString(LETTER));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var location = answer.headers().firstValue("Location").orElseThrow();
        assertThat(location).isEqualTo("/v1/messages/" + body(answer).get("id").asString());
        assertThat(body(answer).get("size").asInt()).isEqualTo(LETTER.length());
        var message = get(location);
        assertThat(message.get("subject").asString()).isEqualTo("hi");
        assertThat(message.get("receivedAt").asString()).isEqualTo("2026-03-01T09:34:56Z");
        assertThat(message.get("keywords").propertyNames()).containsExactly("$seen", "todo");
    }

    /** Clients generated for Java send every optional collection. */
    @Test
    void emptyCollectionsAreAsGoodAsAbsent() throws Exception {
        var answer =
                post(
                        "inbox/messages",
                        "application/json",
                        BodyPublishers.ofString(
                                """
                                {"attachments": [], "bcc": [], "cc": [], "from": [],
                                 "headers": [], "inReplyTo": [], "keywords": {},
                                 "references": [], "replyTo": [], "subject": "hi", "to": []}\
                                """));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var message = get(answer.headers().firstValue("Location").orElseThrow());
        assertThat(message.get("keywords").propertyNames()).containsExactly("$seen", "$draft");
    }

    @Test
    void takesAMessageOfUnknownLength() throws Exception {
        var large = LETTER + "x\n".repeat(500_000);
        var chunked =
                BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8)));

        var answer = post("inbox/messages", "message/rfc822", chunked);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(body(answer).get("size").asInt()).isEqualTo(LETTER.length() + 1_500_000);
    }

    @Test
    void storesNothingOfAMessageThatEndsEarly() throws Exception {
        var head =
                "POST /v1/mailboxes/inbox/messages HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: message/rfc822\r\nContent-Length: 1000000\r\n\r\n"
                        .formatted(authorization());

        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write((head + LETTER + "x".repeat(400_000)).getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("ends before");
        }
        assertThat(get("/v1/mailboxes/inbox/messages").get("items")).isEmpty();
    }

    @Test
    void takesAFormWithFiles() throws Exception {
        var form =
                part(
                                "message",
                                null,
                                "application/json",
                                "{\"subject\": \"files\", \"text\": \"x\", \"attachments\": [{\"part\": \"a\"}]}")
                        + part("a", "Verträge.txt", "text/plain", "content")
                        + "--b--\r\n";

        var answer =
                post(
                        "inbox/messages",
                        "multipart/form-data; boundary=b",
                        BodyPublishers.ofString(form));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var message = get(answer.headers().firstValue("Location").orElseThrow());
        assertThat(message.at("/attachments/0/name").asString()).isEqualTo("Verträge.txt");
        assertThat(message.at("/keywords/$draft").asBoolean()).isTrue();
    }

    /** The parts are stored as they are. */
    @ParameterizedTest
    @CsvSource({
        "a, Content-Transfer-Encoding: base64, 400",
        "a, Content-Encoding: gzip, 400",
        "message, Content-Transfer-Encoding: quoted-printable, 400",
        "a, Content-Transfer-Encoding: Binary, 201"
    })
    void refusesAnEncodedPart(String name, String header, int status) throws Exception {
        var form =
                part(
                                "message",
                                null,
                                "application/json",
                                "{\"text\": \"x\", \"attachments\": [{\"part\": \"a\"}]}")
                        + part("a", "a.txt", "text/plain", "content")
                        + "--b--\r\n";
        var disposition = "Content-Disposition: form-data; name=\"%s\"".formatted(name);

        var answer = form(form.replace(disposition, header + "\r\n" + disposition));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        if (status == 400) {
            assertThat(body(answer).at("/errors/0/parameter").asString()).isEqualTo(name);
        }
    }

    /** As clients send it that were generated from the contract. */
    @Test
    void filesOfOneNameAreToldApartByTheirFilenames() throws Exception {
        var form =
                part(
                                "message",
                                "blob",
                                "application/json",
                                "{\"attachments\": [{\"part\": \"b.txt\"}, {\"part\": \"a.txt\"}]}")
                        + part("files", "a.txt", "text/plain", "one")
                        + part("files", "b.txt", "text/plain", "two");

        var answer =
                post(
                        "inbox/messages/with-files",
                        "multipart/form-data; boundary=b",
                        BodyPublishers.ofString(form + "--b--\r\n"));
        var twice =
                post(
                        "inbox/messages/with-files",
                        "multipart/form-data; boundary=b",
                        BodyPublishers.ofString(
                                form + part("files", "a.txt", "text/plain", "x") + "--b--\r\n"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var message = get(answer.headers().firstValue("Location").orElseThrow());
        assertThat(message.at("/attachments/0/name").asString()).isEqualTo("b.txt");
        assertThat(message.at("/attachments/1/name").asString()).isEqualTo("a.txt");
        assertThat(twice.statusCode()).isEqualTo(400);
    }

    @Test
    void refusesTheSecondFileOfANameWhenItIsEncoded() throws Exception {
        var form =
                part("message", "blob", "application/json", "{\"text\": \"x\"}")
                        + part("files", "a.txt", "text/plain", "one")
                        + part("files", "b.txt", "text/plain", "two")
                                .replace(
                                        "\r\n\r\n",
                                        "\r\nContent-Transfer-Encoding: base64\r\n\r\n");

        var answer =
                post(
                        "inbox/messages/with-files",
                        "multipart/form-data; boundary=b",
                        BodyPublishers.ofString(form + "--b--\r\n"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(body(answer).at("/errors/0/parameter").asString()).isEqualTo("files");
    }

    @Test
    void refusesAFormThatMakesNoSense() throws Exception {
        var message = part("message", null, "application/json", "{\"text\": \"x\"}");

        assertRefused(400, "message", form(part("a", "a.txt", "text/plain", "x") + "--b--\r\n"));
        assertRefused(
                400,
                "message",
                form(message + part("a", "a.txt", "text/plain", "x") + "--b--\r\n"));
        assertRefused(
                400, "\"a\"", form(message + part("a", null, "text/plain", "x") + "--b--\r\n"));
        var untyped = "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nlost\r\n";
        assertRefused(400, "\"text\"", form(message + untyped + "--b--\r\n"));
        assertRefused(400, "\"files\"", form(untyped.replace("text", "files") + message + "--b--"));
        assertRefused(400, "more than once", form(message + message + "--b--\r\n"));
        assertRefused(400, "multipart", form("nonsense"));
        assertRefused(
                413,
                "request-too-big",
                form(
                        message
                                + part("a", "a.txt", "text/plain", "x".repeat(5_000_000))
                                + "--b--\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'subject': 'a\\r\\nBcc: x@y'}|/subject",
                "{'subject': 'a\\u0000'}|/subject",
                "{'from': [{'name': 'a\\nb', 'email': 'a@b.example'}]}|/from/0/name",
                "{'to': [{'email': 'a@b.example'}, {'email': 'a\\r\\n@b.example'}]}|/to/1/email",
                "{'cc': [{'email': 'jörg g@example.org'}]}|/cc/0/email",
                "{'bcc': [{}]}|/bcc/0/email",
                "{'to': [null]}|/to/0",
                "{'text': 'a\\u0000b'}|/text",
                "{'html': 'a\\u0000b'}|/html",
                "{'references': ['a b']}|/references/0",
                "{'inReplyTo': ['<a>\\r\\n']}|/inReplyTo/0",
                "{'internetMessageId': 'ä@x'}|/internetMessageId",
                "{'headers': [{'name': 'Bcc', 'value': 'a@b'}]}|/headers/0/name",
                "{'headers': [{'name': 'X: y', 'value': 'a@b'}]}|/headers/0/name",
                "{'headers': [{'name': 'X-Y', 'value': 'a\\nb'}]}|/headers/0/value",
                "{'attachments': [{'part': 'none'}]}|/attachments/0/part",
                "{'attachments': [{}]}|/attachments/0",
                "{'attachments': [{'part': 'a', 'name': 'a\\r\\nb'}]}|/attachments/0/name",
                "{'attachments': [{'part': 'a', 'type': 'message/rfc822'}]}|/attachments/0/type",
                "{'attachments': [{'part': 'a', 'cid': '<a>'}]}|/attachments/0/cid",
                "{'attachments': [{'messageId': 'nonsense'}]}|/attachments/0/messageId",
                "{'keywords': {'\\\\Recent': true}}|/keywords",
                "{'sentAt': '+99999-01-01T00:00:00Z'}|/sentAt",
                "{'receivedAt': '+999999-01-01T00:00:00Z'}|/receivedAt",
                "{'receivedAt': '9999-01-01T00:00:00Z'}|/receivedAt",
                "{'receivedAt': '1899-12-31T23:59:59Z'}|/receivedAt",
                "{'receivedAt': '0000-01-01T00:00:00Z'}|/receivedAt",
                "{'receivedAt': '-0001-01-01T00:00:00Z'}|/receivedAt",
                "{'receivedAt': 0}|/receivedAt",
                "{'receivedAt': '0'}|/receivedAt",
                "{'receivedAt': '2026-13-01T00:00:00Z'}|/receivedAt",
                "{'subject': 1}|/subject",
                "{'nothing': 1}|/nothing",
                "[]|",
                "{|",
            })
    void namesWhatCannotBe(String message, String pointer) throws Exception {
        var answer =
                post(
                        "inbox/messages",
                        "application/json",
                        BodyPublishers.ofString(message.replace('\'', '"')));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        if (pointer != null) {
            assertThat(body(answer).at("/errors/0/pointer").asString()).isEqualTo(pointer);
        }
        assertThat(get("/v1/mailboxes/inbox/messages").get("items")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "+999999-01-01T00:00:00Z",
        "9999-01-01T00:00:00Z",
        "1899-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z"
    })
    void namesATimeOfArrivalThatCannotBe(String time) throws Exception {
        var answer =
                post(
                        "inbox/messages?receivedAt=" + time.replace("+", "%2B"),
                        "message/rfc822",
                        BodyPublishers.ofString(LETTER));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(body(answer).at("/errors/0/parameter").asString()).isEqualTo("receivedAt");
        assertThat(get("/v1/mailboxes/inbox/messages").get("items")).isEmpty();
    }

    @Test
    void refusesWhatIsTooMuch() throws Exception {
        assertRefused(
                413,
                "request-too-big",
                post(
                        "inbox/messages",
                        "message/rfc822",
                        BodyPublishers.ofByteArray(new byte[4 << 20 | 1])));
        assertRefused(
                413,
                "request-too-big",
                post(
                        "inbox/messages",
                        "application/json",
                        BodyPublishers.ofString(
                                "{\"text\": \"%s\"}".formatted("x".repeat(200_000)))));
        assertRefused(
                415,
                "unsupported",
                post("inbox/messages", "text/plain", BodyPublishers.ofString("x")));
        assertRefused(
                400, "missing", post("inbox/messages", "message/rfc822", BodyPublishers.noBody()));
        assertRefused(
                400,
                "keywords",
                post(
                        "inbox/messages?keywords=a%20b",
                        "message/rfc822", BodyPublishers.ofString(LETTER)));
        assertRefused(
                400,
                "keywords",
                post(
                        "inbox/messages?keywords=a",
                        "application/json",
                        BodyPublishers.ofString("{}")));
        assertRefused(
                404,
                "mailbox-not-found",
                post("archive/messages", "message/rfc822", BodyPublishers.ofString(LETTER)));
    }

    @Test
    void aRepeatedRequestStoresOneMessage() throws Exception {
        var first = create("{\"subject\": \"once\"}", "k1");
        var again = create("{\"subject\": \"once\"}", "k1");

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(get("/v1/mailboxes/inbox/messages").get("items")).hasSize(1);
    }

    private HttpResponse<String> create(String message, String key)
            throws IOException, InterruptedException {
        return http.send(
                request("/v1/mailboxes/inbox/messages")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(message))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> form(String form) throws IOException, InterruptedException {
        return post(
                "inbox/messages", "multipart/form-data; boundary=b", BodyPublishers.ofString(form));
    }

    private static String part(
            String name,
            @org.jspecify.annotations.Nullable String file,
            String type,
            String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\nContent-Type: %s\r\n\r\n%s\r\n"
                .formatted(name, file == null ? "" : "; filename=\"" + file + "\"", type, content);
    }

    private static void assertRefused(int status, String word, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(answer.body()).contains(word);
    }

    private HttpResponse<String> post(String path, String type, BodyPublisher body)
            throws IOException, InterruptedException {
        return http.send(
                request("/v1/mailboxes/" + path)
                        .header("Content-Type", type)
                        .expectContinue(body.contentLength() > 1_000_000)
                        .POST(body)
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return body(http.send(request(path).build(), BodyHandlers.ofString()));
    }

    private JsonNode body(HttpResponse<String> answer) {
        return json.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Authorization", authorization());
    }

    private String authorization() {
        var pair = user + ":" + SERVER.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
