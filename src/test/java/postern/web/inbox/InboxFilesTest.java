package postern.web.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.web.OnGreenMail;

/** What it does in a browser is tested by {@code .ci/inbox}. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"postern.inbox.enabled=true", "server.servlet.context-path=/mail"})
@ContextConfiguration(initializers = OnGreenMail.Server.class)
class InboxFilesTest {

    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"\\./([^\"]+)\"");

    @LocalServerPort private int port;
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void thePageIsBelowADirectorySoThatItsUrlsCanBeRelative() throws Exception {
        var answer = get("/mail/inbox?code=abc&state=x%2Fy");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).hasValue("inbox/?code=abc&state=x%2Fy");
    }

    @Test
    void thePageRunsNothingInlineAndIsAskedForEachTime() throws Exception {
        var page = get("/mail/inbox/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .doesNotContain("<style", "style=", "<script>", "onload", "http://", "https://");
        assertThat(header(page, "Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(header(page, "Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
                .doesNotContain("unsafe");
        assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void whatThePageRefersToIsThereAndKeptForGood() throws Exception {
        var references =
                REFERENCE.matcher(get("/mail/inbox/").body()).results().map(it -> it.group(1));

        assertThat(references.toList())
                .hasSizeGreaterThan(2)
                .allSatisfy(it -> {
                    var file = get("/mail/inbox/" + it);
                    assertThat(file.statusCode()).isEqualTo(200);
                    assertThat(header(file, "Content-Type")).isEqualTo(type(it));
                    assertThat(header(file, "Cache-Control")).contains("immutable");
                    assertThat(header(file, "X-Content-Type-Options")).isEqualTo("nosniff");
                });
    }

    @Test
    void aProviderMayAddWhatItLikesToTheAddressItSendsTheUserBackTo() throws Exception {
        assertThat(get("/mail/inbox/?code=abc&state=x&session_state=y&iss=z").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFrameRunsNothingAndLoadsNothingFromElsewhere() throws Exception {
        var frame = get("/mail/inbox/frame");

        assertThat(frame.body()).startsWith("<!doctype html>").doesNotContain("<script");
        assertThat(header(frame, "Content-Security-Policy"))
                .startsWith("default-src 'none'; ")
                .contains("img-src 'self' data:;", "sandbox allow-same-origin allow-popups ")
                .doesNotContain("script", "http");
    }

    @Test
    void aFrameOfItsOwnLoadsPicturesFromElsewhereAndNothingElse() throws Exception {
        var policy = header(get("/mail/inbox/frame-remote"), "Content-Security-Policy");

        assertThat(policy)
                .startsWith("default-src 'none'; ")
                .contains("img-src 'self' data: https: http:;")
                .doesNotContain("script");
    }

    @Test
    void headIsAnsweredLikeGet() throws Exception {
        var head =
                http.send(
                        HttpRequest.newBuilder(uri("/mail/inbox/")).HEAD().build(),
                        BodyHandlers.ofString());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void whatIsNoFileOfItIsAProblem() throws Exception {
        for (var path : new String[] {"/mail/inbox/assets/x.js", "/mail/inbox/other"}) {
            var answer = get(path);

            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).contains("\"code\":\"not-found\"");
        }
    }

    @Test
    void theFirstPageLeadsToIt() throws Exception {
        assertThat(get("/mail/").body()).contains("<a href=\"/mail/inbox/\">");
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".js" -> "text/javascript;charset=UTF-8";
            case ".css" -> "text/css;charset=UTF-8";
            case ".svg" -> "image/svg+xml";
            default -> throw new AssertionError(name);
        };
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
