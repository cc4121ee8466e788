package postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.web.util.HtmlUtils;
import postern.web.problem.ProblemCode;
import tools.jackson.databind.json.JsonMapper;

/** What people see who open the gateway in a browser, and how a request is found again. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "server.servlet.context-path=/mail")
@ContextConfiguration(initializers = OnGreenMail.Server.class)
class PagesTest {

    private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\"");

    @LocalServerPort private int port;
    @Autowired private JsonMapper json;
    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    @Test
    void everyLinkOfTheFirstPageLeadsSomewhere() throws Exception {
        var page = get("/mail/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(it -> assertThat(it).startsWith("text/html"));
        var links = LINK.matcher(page.body()).results().map(it -> it.group(1)).toList();
        assertThat(links).hasSizeGreaterThan(4);
        for (var link : links) {
            assertThat(get(link).statusCode()).as(link).isEqualTo(200);
        }
    }

    @Test
    void thereIsNoInboxWhereTheOperatorWantsNone() throws Exception {
        assertThat(get("/mail/inbox").statusCode()).isEqualTo(404);
        assertThat(get("/mail/inbox/").statusCode()).isEqualTo(404);
        assertThat(get("/mail/").body()).doesNotContain("/inbox");
    }

    @Test
    void theTypeOfEveryProblemIsAPage() throws Exception {
        for (var code : ProblemCode.values()) {
            var page = get("/mail/problems/" + code);

            assertThat(page.statusCode()).as(code.toString()).isEqualTo(200);
            assertThat(HtmlUtils.htmlUnescape(page.body()))
                    .contains(code.title(), "When it occurs</dt><dd>");
        }
        assertThat(get("/mail/problems/<script>".replace("<", "%3C").replace(">", "%3E")))
                .satisfies(it -> assertThat(it.statusCode()).isEqualTo(404))
                .satisfies(it -> assertThat(it.body()).doesNotContain("<script>"));
    }

    @Test
    void whetherTheMailServersGreetIsAHealthOfItsOwn() throws Exception {
        var imap = get("/mail/actuator/health/imap");

        assertThat(imap.statusCode()).isEqualTo(200);
        assertThat(imap.body()).contains("\"default\":\"ok\"");
    }

    @Test
    void theIdOfARequestIsInItsAnswerAndItsProblem() throws Exception {
        var answer = get("/mail/v1/mailboxes", "X-Request-Id", "order-66");

        assertThat(answer.headers().allValues("X-Request-Id")).containsExactly("order-66");
        assertThat(json.readTree(answer.body()).path("requestId").asString()).isEqualTo("order-66");
    }

    @Test
    void theTraceOfTheCallerIsTheId() throws Exception {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        var answer = get("/mail/livez", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

        assertThat(answer.headers().firstValue("X-Request-Id")).hasValue(trace);
    }

    @Test
    void anIdThatWouldForgeALineOfTheLogIsReplaced() throws Exception {
        var answer = get("/mail/livez", "X-Request-Id", "x\tERROR everything is lost");

        assertThat(answer.headers().firstValue("X-Request-Id"))
                .hasValueSatisfying(it -> assertThat(it).matches("[0-9a-f]{32}"));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
