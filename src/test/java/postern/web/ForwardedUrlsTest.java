package postern.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.testserver.InMemoryServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All URLs agree behind a proxy that takes a prefix off, and is trusted to say so. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "server.forward-headers-strategy=framework")
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@Timeout(300)
class ForwardedUrlsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @LocalServerPort private int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String basic =
            "Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (SERVER.newUser() + ":" + SERVER.password())
                                            .getBytes(US_ASCII));

    @Test
    void whatIsMadeIsBelowThePrefix() throws Exception {
        var stored =
                send(
                        request("/v1/mailboxes/inbox/messages")
                                .header("Content-Type", "message/rfc822")
                                .POST(BodyPublishers.ofString("Subject: tea\r\n\r\ncome\r\n")));
        var location = stored.headers().firstValue("Location").orElseThrow();
        assertThat(location).startsWith("/api/v1/messages/");

        var links =
                json(
                        send(
                                request(location.substring("/api".length()) + "/links")
                                        .header("Content-Type", "application/json")
                                        .POST(
                                                BodyPublishers.ofString(
                                                        "{\"items\": [{\"file\": \"message\"}]}"))));
        assertThat(links.at("/items/0/url").asString()).startsWith("/api/v1/links/");
    }

    @Test
    void problemsAreOnPagesBelowIt() throws Exception {
        assertThat(json(get("/v1/mailboxes/nowhere")).path("type").asString())
                .isEqualTo("/api/problems/mailbox-not-found");
        assertThat(json(get("/v1/mailboxes/a%2Fb")).path("type").asString())
                .isEqualTo("/api/problems/invalid-request");
        assertThat(get("/problems").body()).contains("\"/api/problems/mailbox-not-found\"");
    }

    @Test
    void problemsInsideOfAnAnswerAsWell() throws Exception {
        var stored =
                send(
                        request("/v1/mailboxes/inbox/messages")
                                .header("Content-Type", "message/rfc822")
                                .POST(BodyPublishers.ofString("Subject: tea\r\n\r\ncome\r\n")));
        var id = json(stored).path("id").asString();
        send(request("/v1/messages/" + id + "?permanent=true").DELETE());
        var missing =
                json(
                        send(
                                request("/v1/messages/batch")
                                        .header("Content-Type", "application/json")
                                        .POST(
                                                BodyPublishers.ofString(
                                                        """
                                                        {"ids": ["%s"], "keywords": {"$seen": true}}
                                                        """
                                                                .formatted(id)))));

        assertThat(missing.toString()).contains("\"type\":\"/api/problems/message-not-found\"");
    }

    @Test
    void theContractAndItsPagesAsWell() throws Exception {
        assertThat(json(get("/v3/api-docs")).at("/servers/0/url").asString()).isEqualTo("/api");
        assertThat(get("/v3/api-docs.yaml").body()).contains("url: /api");
        assertThat(json(get("/v3/api-docs/swagger-config")).path("url").asString())
                .isEqualTo("/api/v3/api-docs");
        assertThat(get("/swagger-ui.html").headers().firstValue("Location").orElseThrow())
                .endsWith("/api/swagger-ui/index.html");
        assertThat(get("/").body()).contains("href=\"/api/v3/api-docs\"");
    }

    /** It would be in every URL that is answered. */
    @ParameterizedTest
    @ValueSource(strings = {"//evil.example.org", "api", "/a b", "/a//b", "/a?b", "/%zz", "/a, b"})
    void aPrefixThatIsNoPathIsRefused(String prefix) throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://localhost:" + port + "/v1/mailboxes/nowhere"))
                        .header("X-Forwarded-Prefix", prefix)
                        .header("Authorization", basic);
        var refused = send(request);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("type").asString()).isEqualTo("/problems/invalid-request");
        assertThat(refused.body()).contains("X-Forwarded-Prefix");
        assertThat(json(refused).path("requestId").asString())
                .isNotEmpty()
                .isEqualTo(refused.headers().firstValue("X-Request-Id").orElse(null));
        assertThat(refused.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @ParameterizedTest
    @CsvSource({"/a/b/,/a/b", "'/a, /b', /a/b", "/a%20b,/a%20b", "/,''"})
    void aPrefixMayHaveSeveralSegments(String prefix, String begin) throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://localhost:" + port + "/v1/mailboxes/nowhere"))
                        .header("X-Forwarded-Prefix", prefix)
                        .header("Authorization", basic);

        assertThat(json(send(request)).path("type").asString())
                .isEqualTo(begin + "/problems/mailbox-not-found");
    }

    @Test
    void withoutThePrefixTheyBeginAtTheRoot() throws Exception {
        var direct =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v3/api-docs"));

        assertThat(json(send(direct)).at("/servers/0/url").asString()).isEqualTo("/");
        assertThat(json(get("/v3/api-docs")).at("/servers/0/url").asString()).isEqualTo("/api");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("X-Forwarded-Prefix", "/api")
                .header("X-Forwarded-Host", "www.example.org")
                .header("X-Forwarded-Proto", "https")
                .header("Authorization", basic);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return new JsonMapper().readTree(answer.body());
    }
}
