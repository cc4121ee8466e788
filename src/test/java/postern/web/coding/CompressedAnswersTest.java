package postern.web.coding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.json.JsonMapper;

/** Which answers are compressed as the gateway is set up, and that all else of them is right. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(300)
class CompressedAnswersTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String LIST = "/v1/mailboxes/inbox/messages";
    private static final String TEXT = "come to tea, and bring cake. ".repeat(200);
    private static final String MAIL =
            """
            Subject: tea
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/html

            <p>%s</p>
            --b
            Content-Type: application/json
            Content-Disposition: attachment; filename=tea.json

            {"tea": "%s"}
            --b--
            """
                    .formatted(TEXT, TEXT)
                    .replace("\n", "\r\n");

    @LocalServerPort private int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String basic =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (SERVER.newUser() + ":" + SERVER.password())
                                            .getBytes(US_ASCII));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages/{id}?include=text,html",
                "/v1/messages/{id}/html",
                "/v3/api-docs",
                "/v3/api-docs.yaml",
                "/problems"
            })
    void jsonAndHtmlAreCompressedForAClientThatTakesIt(String path) throws Exception {
        var target = path.replace("{id}", stored());
        var plain = get(target, "identity");
        var coded = get(target, "gzip");

        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(coded.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(coded.headers().firstValue("Content-Length").map(Integer::valueOf))
                .isIn(Optional.empty(), Optional.of(coded.body().length));
        assertThat(decoded(coded)).isEqualTo(plain.body());
        for (var answer : List.of(plain, coded)) {
            assertThat(String.join(",", answer.headers().allValues("Vary")))
                    .contains("Accept-Encoding");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages/{id}/parts/2",
                "/v1/messages/{id}/parts/1",
                "/v1/messages/{id}/raw",
                "/v1/mailboxes/inbox/export?format=mbox",
                "/v1/account",
                "/v1/sessions/current"
            })
    void filesExportsAndSmallAnswersAreNot(String path) throws Exception {
        var answer = get(path.replace("{id}", stored()), "gzip");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void aPartOfAFileIsNot() throws Exception {
        var path = "/v1/messages/" + stored() + "/parts/2";
        var answer = send(request(path, "gzip").header("Range", "bytes=0-3999"));

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(answer.body()).hasSize(4_000);
    }

    @Test
    void eventsAreNot() throws Exception {
        var request = request("/v1/events?mailboxId=inbox", "gzip").build();

        var events = http.send(request, BodyHandlers.ofInputStream());

        try (var in = events.body()) {
            assertThat(events.statusCode()).isEqualTo(200);
            assertThat(events.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(events.headers().allValues("Vary")).doesNotContain("Accept-Encoding");
            assertThat(new String(in.readNBytes(6), UTF_8)).isEqualTo("retry:");
        }
    }

    /** Other octets have another strong tag; each of them names the version that is meant. */
    @ParameterizedTest
    @CsvSource({"gzip, identity", "identity, gzip", "gzip, gzip", "identity, identity"})
    void eitherTagIsGoodForConditions(String first, String then) throws Exception {
        var path = "/v1/messages/" + stored() + "?include=text,html";
        var tag = get(path, first).headers().firstValue("ETag").orElseThrow();

        var known = send(request(path, then).header("If-None-Match", "\"x\", " + tag));
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.headers().firstValue("ETag")).hasValue(tag);
        assertThat(known.body()).isEmpty();
        assertThat(send(request(path, then).header("If-Match", tag)).statusCode()).isEqualTo(200);
        var changed =
                send(
                        request(path.replaceFirst("\\?.*", ""), then)
                                .header("If-Match", tag)
                                .header("Content-Type", "application/merge-patch+json")
                                .method(
                                        "PATCH",
                                        BodyPublishers.ofString(
                                                "{\"keywords\": {\"$flagged\": true}}")));
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(send(request(path, then).header("If-Match", tag)).statusCode()).isEqualTo(412);
    }

    @Test
    void theStrongTagsOfTheTwoDiffer() throws Exception {
        var path = "/v1/messages/" + stored() + "?include=text,html";

        assertThat(get(path, "gzip").headers().firstValue("ETag"))
                .isNotEqualTo(get(path, "identity").headers().firstValue("ETag"));
    }

    @Test
    void aStarAnswersTheTagOfTheVersionAndNotTheStar() throws Exception {
        var path = "/v1/messages/" + stored() + "?include=text,html";
        var tag = get(path, "identity").headers().firstValue("ETag").orElseThrow();

        var known = send(request(path, "gzip").header("If-None-Match", "*"));

        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.headers().firstValue("ETag")).hasValue(tag);
    }

    @Test
    void headSaysWhatGetWould() throws Exception {
        var path = "/v1/messages/" + stored() + "?include=text,html";
        var get = get(path, "gzip");
        var head = send(request(path, "gzip").method("HEAD", BodyPublishers.noBody()));

        for (var header : List.of("Content-Encoding", "ETag", "Vary", "Content-Type")) {
            assertThat(head.headers().allValues(header))
                    .as(header)
                    .isEqualTo(get.headers().allValues(header));
        }
        assertThat(head.body()).isEmpty();
    }

    /** The length of the answer is not known, and the connection ends with it. */
    @Test
    void aClientOfHttp10ReadsToTheEnd() throws Exception {
        var path = "/v1/messages/" + stored() + "?include=text,html";
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write(
                            ("GET %s HTTP/1.0\r\nAuthorization: %s\r\nAccept-Encoding: gzip\r\n\r\n")
                                    .formatted(path, basic)
                                    .getBytes(US_ASCII));
            var answer = socket.getInputStream().readAllBytes();
            var text = new String(answer, ISO_8859_1);
            int body = text.indexOf("\r\n\r\n") + 4;

            assertThat(text).contains("Content-Encoding: gzip").doesNotContain("chunked");
            var in = new ByteArrayInputStream(answer, body, answer.length - body);
            assertThat(new String(new GZIPInputStream(in).readAllBytes(), UTF_8))
                    .contains("come to tea");
        }
    }

    /** A small body could become a large one. */
    @Test
    void compressedBodiesOfRequestsAreNotTaken() throws Exception {
        var body = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(body)) {
            gzip.write("{}".getBytes(US_ASCII));
        }

        var answer =
                send(
                        request("/v1/search", "gzip")
                                .header("Content-Type", "application/json")
                                .header("Content-Encoding", "gzip")
                                .POST(BodyPublishers.ofByteArray(body.toByteArray())));

        assertThat(answer.statusCode()).isEqualTo(415);
    }

    private String stored() throws Exception {
        var answer =
                send(
                        request(LIST, "identity")
                                .header("Content-Type", "message/rfc822")
                                .POST(BodyPublishers.ofString(MAIL)));
        return new JsonMapper().readTree(answer.body()).path("id").asString();
    }

    private HttpResponse<byte[]> get(String path, String coding) throws Exception {
        return send(request(path, coding));
    }

    private HttpRequest.Builder request(String path, String coding) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Authorization", basic)
                .header("Accept-Encoding", coding);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static byte[] decoded(HttpResponse<byte[]> answer) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            return in.readAllBytes();
        }
    }
}
