package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.testserver.AnyMailServer;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class LinksTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String MESSAGE =
            """
            Subject: two files\r
            MIME-Version: 1.0\r
            Content-Type: multipart/mixed; boundary=b\r
            \r
            --b\r
            Content-Type: text/html\r
            Content-Disposition: inline; filename=page.html\r
            \r
            <script>alert(1)</script>\r
            --b\r
            Content-Type: image/png; name=a.png\r
            Content-Disposition: attachment\r
            Content-Transfer-Encoding: base64\r
            \r
            aGVsbG8gd29ybGQ=\r
            --b--\r
            """;

    @LocalServerPort private int port;
    @Autowired private ImapConnections connections;
    @Autowired private JsonMapper json;
    private final HttpClient http = HttpClient.newHttpClient();
    private Account account;
    private DownloadApi api;
    private String messageId;
    private String token;

    @BeforeEach
    void aMessageAndASession() throws Exception {
        var server = new ImapServer(SERVER.host(), SERVER.port(), Security.NONE);
        account = new Account(server, SERVER.newUser(), new Password(SERVER.password()));
        api = new DownloadApi(port, connections, account);
        messageId = api.append(MESSAGE.getBytes(StandardCharsets.US_ASCII));
        var login =
                "{\"username\": \"%s\", \"password\": \"%s\"}"
                        .formatted(account.user(), SERVER.password());
        token = json.readTree(post("/v1/sessions", login, null).body()).get("token").asString();
    }

    @AfterEach
    void theClientLeaves() {
        api.close();
        http.close();
    }

    @Test
    void aLinkOpensItsFileWithNoHeader() throws Exception {
        var link = link("{\"file\": \"part\", \"partId\": \"2\"}");

        var answer = get(link.get("url").asString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).asString().isEqualTo("hello world");
        assertThat(header(answer, "Content-Type")).isEqualTo("image/png");
        assertThat(header(answer, "Content-Disposition")).startsWith("attachment");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(answer, "Content-Security-Policy")).contains("sandbox");
        assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        assertThat(header(answer, "Cache-Control")).matches("private, max-age=(600|59\\d)");
        assertThat(answer.headers().allValues("Vary")).doesNotContain("Authorization");
        assertThat(link.get("partId").asString()).isEqualTo("2");
        assertThat(Instant.parse(link.get("expiresAt").asString())).isAfter(Instant.now());
    }

    @Test
    void aLinkServesRangesConditionsAndHead() throws Exception {
        var url = link("{\"file\": \"part\", \"partId\": \"2\"}").get("url").asString();

        var piece = get(url, "Range", "bytes=6-10");
        var same = get(url, "If-None-Match", header(piece, "ETag"));
        var head = http.send(request(url).method("HEAD", none()).build(), BodyHandlers.ofString());

        assertThat(piece.statusCode()).isEqualTo(206);
        assertThat(piece.body()).asString().isEqualTo("world");
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo("11");
    }

    @Test
    void aLinkOpensTheWholeMessage() throws Exception {
        var answer = get(link("{\"file\": \"message\"}").get("url").asString());

        assertThat(answer.body()).asString().isEqualTo(MESSAGE);
        assertThat(header(answer, "Content-Type")).isEqualTo("message/rfc822");
    }

    @ParameterizedTest
    @CsvSource({
        "1, inline, attachment",
        "1, attachment, attachment",
        "2, inline, inline",
        "2, attachment, attachment"
    })
    void showsInPlaceWhatIsHarmlessWhereThatIsAskedFor(
            String partId, String wanted, String disposition) throws Exception {
        var link =
                link(
                        "{\"file\": \"part\", \"partId\": \"%s\", \"disposition\": \"%s\"}"
                                .formatted(partId, wanted));

        assertThat(header(get(link.get("url").asString()), "Content-Disposition"))
                .startsWith(disposition);
    }

    @Test
    void aLinkEndsWithItsSession() throws Exception {
        var url = link("{\"file\": \"message\"}").get("url").asString();
        var others =
                only(post(links(), order("{\"file\": \"message\"}"), api.authorization()))
                        .get("url")
                        .asString();

        http.send(
                request("/v1/sessions/current")
                        .DELETE()
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.discarding());

        assertProblem(get(url), 410, "link-expired");
        assertThat(get(others).statusCode()).isEqualTo(200);
    }

    @Test
    void aDamagedLinkIsNoneAndNeverLogged(CapturedOutput output) throws Exception {
        var url = link("{\"file\": \"message\"}").get("url").asString();
        var at = url.length() - 8;
        var damaged = url.substring(0, at) + (url.charAt(at) == 'A' ? 'B' : 'A');

        assertProblem(get(damaged + url.substring(at + 1)), 404, "not-found");
        assertProblem(get("/v1/links/nonsense"), 404, "not-found");
        assertProblem(get("/v1/links/" + token), 404, "not-found");
        assertThat(output).doesNotContain(url.substring(url.length() - 40));
    }

    @Test
    void aLinkIsNoSession() throws Exception {
        var url = link("{\"file\": \"message\"}").get("url").asString();
        var sealed = url.substring(url.lastIndexOf('/') + 1);

        for (var bearer : Arrays.asList(sealed, sealed.replaceFirst("\\.", ".."))) {
            var answer = get("/v1/sessions/current", "Authorization", "Bearer " + bearer);
            assertProblem(answer, 401, "authentication-failed");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'items': []}|/items",
                "{}|/items",
                "{'items': [{'file': 'part'}]}|/items/0/partId",
                "{'items': [{'file': 'part', 'partId': '2 x'}]}|/items/0/partId",
                "{'items': [{'file': 'message', 'partId': '1'}]}|/items/0/partId",
                "{'items': [{'file': 'message'}, {'file': 'part', 'partId': ''}]}|/items/1/partId",
                "{'items': [{'file': 'other'}]}|/items/0/file",
                "{'items': [{'partId': '1'}]}|/items/0/file",
                "{'items': [{'file': 'message', 'disposition': 'x'}]}|/items/0/disposition",
                "{'items': [{'file': 'message'}], 'lifetimeSeconds': 0}|/lifetimeSeconds",
                "{'items': [{'file': 'message'}], 'lifetimeSeconds': 3601}|/lifetimeSeconds",
            })
    void aBadOrderIsRefusedByName(String order, String pointer) throws Exception {
        var answer = post(links(), order.replace('\'', '"'), "Bearer " + token);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json.readTree(answer.body()).at("/errors/0/pointer").asString())
                .isEqualTo(pointer);
    }

    @Test
    void noLinkIsMadeToWhatIsNotThere() throws Exception {
        var answer =
                post(links(), order("{\"file\": \"part\", \"partId\": \"3\"}"), "Bearer " + token);

        assertProblem(answer, 404, "part-not-found");
    }

    private JsonNode link(String item) throws Exception {
        return only(post(links(), order(item), "Bearer " + token));
    }

    private JsonNode only(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        var items = json.readTree(answer.body()).get("items");
        assertThat(items).hasSize(1);
        return items.get(0);
    }

    private String links() {
        return "/v1/messages/%s/links".formatted(messageId);
    }

    private static String order(String item) {
        return "{\"items\": [%s]}".formatted(item);
    }

    private void assertProblem(HttpResponse<byte[]> answer, int status, String code) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json.readTree(answer.body()).get("code").asString()).isEqualTo(code);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        var request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> post(String path, String body, @Nullable String authorization)
            throws Exception {
        var request =
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private static HttpRequest.BodyPublisher none() {
        return HttpRequest.BodyPublishers.noBody();
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow();
    }
}
