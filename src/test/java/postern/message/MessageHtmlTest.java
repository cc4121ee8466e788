package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.imap.ImapConnections;
import postern.web.OnGreenMail;

@OnGreenMail
class MessageHtmlTest {

    private static final String WITH_PICTURES =
            """
            Subject: news <b>
            MIME-Version: 1.0
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html; charset=utf-8

            <body onload="x()"><p>caf\u00e9 <a href="https://example.org/">more</a></p>
            <img src="cid:logo@example.org"><img src="https://t.example/1.gif" srcset="https://t.example/2.gif 2x">
            <p style="background:url(https://t.example/3.gif)">x</p>
            <meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">
            <form action="https://evil.example/"><input name="password"></form>
            <script>alert(1)</script><style>p{color:red}</style></body>
            --r
            Content-Type: image/gif
            Content-ID: <logo@example.org>
            Content-Transfer-Encoding: base64

            R0lGODlhAQABAAAAACw=
            --r--
            """;

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;
    private MessageApi api;

    @BeforeEach
    void anEmptyAccount() {
        api = new MessageApi(http, connections);
    }

    @Test
    void isAWholeSafeDocument() {
        var result = html(api.append(WITH_PICTURES), "");

        assertThat(result).hasHeader("Content-Type", "text/html;charset=UTF-8");
        assertThat(result).hasHeader("Referrer-Policy", "no-referrer");
        assertThat(result).hasHeader("X-Content-Type-Options", "nosniff");
        assertThat(result).hasHeader("Postern-Blocked-Remote-Content", "2");
        assertThat(result.getResponse().getHeader("Content-Security-Policy"))
                .startsWith("default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'")
                .contains("sandbox allow-popups")
                .doesNotContain("script", "https:");
        var page = document(result);
        assertThat(page.title()).isEqualTo("news <b>");
        assertThat(page.body().text()).contains("caf\u00e9 more").doesNotContain("alert");
        assertThat(page.select("script, base, form, input, [onload], [srcset], body style"))
                .isEmpty();
        assertThat(page.select("meta[http-equiv]").eachAttr("http-equiv"))
                .containsExactly("Content-Security-Policy", "x-dns-prefetch-control");
        assertThat(page.expectFirst("a").attr("rel")).contains("noopener", "noreferrer");
        assertThat(page.expectFirst("a").attr("target")).isEqualTo("_blank");
    }

    @Test
    void itsPicturesLeadToItsParts() {
        var id = api.append(WITH_PICTURES);

        var source = document(html(id, "")).expectFirst("img[src]").attr("src");

        assertThat(source).isEqualTo("parts/2");
        assertThat(api.get("/v1/messages/" + id + "/" + source))
                .hasHeader("Content-Type", "image/gif");
    }

    @Test
    void itsPicturesNeedNoCredentialsWhereLinksAreSigned() {
        var id = api.append(WITH_PICTURES);

        var source = document(html(id, "?links=signed")).expectFirst("img[src]").attr("src");

        assertThat(source).startsWith("../../links/");
        var path = URI.create("/v1/messages/" + id + "/html").resolve(source);
        assertThat(http.get().uri(path).exchange())
                .hasStatusOk()
                .hasHeader("Content-Type", "image/gif");
    }

    @Test
    void foldsWhatItQuotes() {
        var id =
                api.append(
                        "Content-Type: text/html\n\n<p>Thanks</p><div class=gmail_quote>"
                                + "<blockquote>tea?</blockquote></div>\n");

        var page = document(html(id, ""));

        assertThat(page.expectFirst("details.postern-quote blockquote").text()).isEqualTo("tea?");
        var text = api.json("/v1/messages/" + id + "?include=text").get("text");
        assertThat(text.get("content").asString().substring(text.at("/quotes/0/start").asInt()))
                .startsWith("> tea?");
    }

    @Test
    void showsRemoteContentWhereItIsAllowed() {
        var id = api.append(WITH_PICTURES);

        var result = html(id, "?remote=allow");

        assertThat(result).hasHeader("Postern-Blocked-Remote-Content", "0");
        assertThat(result.getResponse().getHeader("Content-Security-Policy"))
                .contains("img-src 'self' data: https: http:;");
        assertThat(document(result).select("img[src]").eachAttr("src"))
                .containsExactly("parts/2", "https://t.example/1.gif");
        assertThat(result.getResponse().getHeader("ETag"))
                .isNotEqualTo(html(id, "").getResponse().getHeader("ETag"));
    }

    @Test
    void isNotSentAgain() {
        var id = api.append(WITH_PICTURES);
        var path = "/v1/messages/" + id + "/html";
        var eTag = requireNonNull(api.get(path).getResponse().getHeader("ETag"));

        api.patch(id, "{'keywords': {'$seen': true}}");

        assertThat(eTag).startsWith("\"");
        assertThat(api.getUnless(eTag, path)).hasStatus(HttpStatus.NOT_MODIFIED);
    }

    @Test
    void makesPlainTextAPage() {
        var id = api.append("Subject: x\n\n1 < 2, see https://example.org/\n\n> asked <b>\n");

        var page = document(html(id, ""));

        assertThat(page.body().text()).contains("1 < 2").contains("asked <b>");
        assertThat(page.expectFirst("a").attr("href")).isEqualTo("https://example.org/");
        assertThat(page.expectFirst("blockquote").text()).isEqualTo("asked <b>");
        assertThat(page.expectFirst("meta[name=color-scheme]").attr("content"))
                .isEqualTo("light dark");
    }

    @Test
    void whatBringsColoursStaysOnWhite() {
        var id = api.append("Content-Type: text/html\n\n<p style='color:#333'>x</p>\n");

        var page = document(html(id, ""));

        assertThat(page.expectFirst("meta[name=color-scheme]").attr("content"))
                .isEqualTo("light only");
    }

    @Test
    void isEmptyForAMessageOfFilesAlone() {
        var id = api.append("Content-Type: application/pdf\n\nx\n");

        assertThat(document(html(id, "")).body().text()).isEmpty();
    }

    @Test
    void saysWhatIsWrong() {
        var id = api.append(WITH_PICTURES);
        var wrong = api.get("/v1/messages/" + id + "/html?remote=perhaps");

        assertThat(api.json(wrong, HttpStatus.BAD_REQUEST).at("/errors/0/parameter").asString())
                .isEqualTo("remote");
        api.expunge(id);
        var gone = api.get("/v1/messages/" + id + "/html");
        assertThat(api.json(gone, HttpStatus.NOT_FOUND).get("code").asString())
                .isEqualTo("message-not-found");
    }

    private MvcTestResult html(String id, String query) {
        var result = api.get("/v1/messages/" + id + "/html" + query);
        assertThat(result).hasStatusOk();
        return result;
    }

    private static Document document(MvcTestResult result) {
        return Jsoup.parse(
                new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8));
    }
}
