package postern.web.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import org.yaml.snakeyaml.Yaml;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;

/** What pages of other sites can do with the gateway: nothing, unless the operator allows it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.cors.allowed-origins=https://app.example.com",
            "postern.link.base-url=https://mail.example.com",
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
class BrowsersTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String ALLOWED = "https://app.example.com";
    private static final String FOREIGN = "https://evil.example.net";
    private static final String FORM =
            """
            --b
            Content-Disposition: form-data; name="message"
            Content-Type: application/json

            {"subject": "forged"}
            --b--
            """
                    .replace("\n", "\r\n");

    @LocalServerPort private int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String user = SERVER.newUser();

    /** What a page can send by a form, to which a browser adds the password by itself. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "cross-site, https://evil.example.net",
                "same-site, https://evil.example.com",
                "cross-site, null",
                "-, https://evil.example.net",
                "-, null",
            })
    void aPageOfAnotherSiteForgesNoMessage(@Nullable String site, String origin) throws Exception {
        var form = withSite(basic(post()), site).header("Origin", origin);

        var answer = send(form);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("\"foreign-page\"").contains("\"retryable\":false");
        assertThat(send(basic(get("/v1/mailboxes/inbox/messages"))).body())
                .doesNotContain("forged");
    }

    @Test
    void nothingIsReadWithAPasswordThatABrowserAdds() throws Exception {
        var picture = basic(get("/v1/mailboxes")).header("Sec-Fetch-Site", "cross-site");

        assertThat(send(picture).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -",
                "none, -",
                "same-origin, https://behind-a-proxy.example.org",
                "-, https://mail.example.com",
                "cross-site, https://app.example.com",
                "same-site, -",
            })
    void ownAndAllowedPagesAndProgramsAreServed(@Nullable String site, @Nullable String origin)
            throws Exception {
        var form = withSite(basic(post()), site);
        if (origin != null) {
            form.header("Origin", origin);
        }

        assertThat(send(form).statusCode()).isEqualTo(201);
    }

    @Test
    void aPageOfThisHostIsOwn() throws Exception {
        var form = basic(post()).header("Origin", "http://localhost:" + port);

        assertThat(send(form).statusCode()).isEqualTo(201);
    }

    /** They are made for other pages, and a browser may add a password to them too. */
    @Test
    void signedLinksOpenInAnyPage() throws Exception {
        var link = basic(get("/v1/links/x")).header("Sec-Fetch-Site", "cross-site");

        assertThat(send(link).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void aPreflightNeedsNoCredentials(String method) throws Exception {
        var answer = send(preflight("/v1/mailboxes", ALLOWED, method));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(ALLOWED);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
                .contains(method);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .contains("authorization", "idempotency-key");
        assertThat(answer.headers().firstValue("Access-Control-Max-Age")).hasValue("7200");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/mailboxes, https://evil.example.net, GET",
        "/v1/mailboxes, null, GET",
        "/v1/mailboxes, https://app.example.com, TRACE",
        "/actuator/health, https://app.example.com, GET",
        "/nowhere, https://app.example.com, GET"
    })
    void anyOtherPreflightIsRefused(String path, String origin, String method) throws Exception {
        var answer = send(preflight(path, origin, method));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("\"foreign-page\"");
        assertNoCors(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/mailboxes, 401",
        "GET, /v1/mailboxes/a%2Fb, 400",
        "GET, /v1/nothing, 404",
        "PUT, /v1/mailboxes, 405",
        "POST, /v1/sessions, 415"
    })
    void anAllowedPageReadsProblemsToo(String method, String path, int status) throws Exception {
        var answer =
                send(
                        at(path).method(method, BodyPublishers.ofString("x"))
                                .header("Origin", ALLOWED));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                .containsExactly(ALLOWED);
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
                .contains("Retry-After", "ETag");
        assertThat(String.join(",", answer.headers().allValues("Vary"))).contains("Origin");
    }

    @Test
    void aForeignPageReadsNothing() throws Exception {
        var answer = send(get("/v1/mailboxes").header("Origin", FOREIGN));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertNoCors(answer);
        assertThat(answer.headers().allValues("Vary")).contains("Origin");
    }

    @Test
    void pagesReadEveryHeaderOfTheContract() throws Exception {
        var headers = new ArrayList<String>();
        collectHeaders(new Yaml().load(Files.readString(Path.of("openapi.yaml"))), headers);

        assertThat(headers).isNotEmpty();
        assertThat(lowerCase(CrossOriginRequests.EXPOSED)).containsAll(lowerCase(headers));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "https://*.example.com", "https://a.example/", "example.com", ""})
    void onlyExplicitOriginsAreConfigured(String origin) {
        assertThatThrownBy(() -> new CorsProperties(List.of(origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postern.cors.allowed-origins");
    }

    private static void collectHeaders(@Nullable Object node, List<String> headers) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if ("headers".equals(key) && value instanceof Map<?, ?> named) {
                    named.forEach((name, header) -> {
                        if (header instanceof Map<?, ?> it && it.containsKey("schema")) {
                            headers.add(name.toString());
                        }
                    });
                }
                collectHeaders(value, headers);
            });
        } else if (node instanceof List<?> list) {
            list.forEach(item -> collectHeaders(item, headers));
        }
    }

    private static List<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    private static void assertNoCors(HttpResponse<String> answer) {
        assertThat(answer.headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
    }

    private HttpRequest.Builder preflight(String path, String origin, String method) {
        return at(path).method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "authorization,idempotency-key");
    }

    private HttpRequest.Builder post() {
        return at("/v1/mailboxes/inbox/messages")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(FORM));
    }

    private HttpRequest.Builder get(String path) {
        return at(path).GET();
    }

    private HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private static HttpRequest.Builder withSite(
            HttpRequest.Builder request, @Nullable String site) {
        return site == null ? request : request.header("Sec-Fetch-Site", site);
    }

    private HttpRequest.Builder basic(HttpRequest.Builder request) {
        var pair = user + ":" + SERVER.password();
        return request.header(
                "Authorization",
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
