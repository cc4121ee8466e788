package postern.mime.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<p>one</p><p>two</p> | one~~two",
                "one<br>two<br><br>three | one~two~~three",
                "<div>one</div><div>two</div> | one~two",
                "<div>one</div><div><br></div><div>two</div> | one~~two",
                "  a \t  <b> b </b>&nbsp; c | a b c",
                "un<b>brok</b>en | unbroken",
                "<h1>Title</h1>text | Title~~text",
                "<ul><li>a</li><li>b</li></ul> | * a~* b",
                "<ol><li>a<li>b</ol>c | 1. a~2. b~~c",
                "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul> | * a~  * b~* c",
                "<ul><li>a<br>b</li></ul> | * a~  b",
                "<blockquote>a<br>b</blockquote>c | > a~> b~~c",
                "<blockquote><p>a</p><p>b</p></blockquote> | > a~>~> b",
                "<blockquote>a<blockquote>b</blockquote></blockquote> | > a~>~> > b",
                "<a href='https://example.org/x'>here</a> now | here <https://example.org/x> now",
                "<a href='https://example.org/'>example.org</a> | example.org",
                "<a href='mailto:a@example.org'>a@example.org</a> | a@example.org",
                "<a href='https://example.org/'><img src=x></a>text | text",
                "<a href='javascript:alert(1)'>x</a> <a href='#top'>top</a> | x top",
                "<table><tr><td>a<td>b<tr><td>c</table> | a b~c",
                "<pre>  a~    b~~c</pre> |   a~    b~~c",
                "<img alt='Logo' src=x> text | Logo text",
                "a<hr>b | a~----~b",
                "a<script>b</script><style>c</style><noscript>d</noscript><title>e</title>f | af",
                "<head><title>t</title></head><body>a</body> | a",
                "<div style='DISPLAY : none'>preview</div>a | a",
                "<div hidden>a</div><p style='font-size:0'>b</p><span style='max-height: 0px'>c</span>d | d",
                "<p style='visibility:hidden'>a</p><p style='mso-hide:all;color:red'>b</p>c | c",
                "<table><tr><td><p>a</p><td>b</table> | a~~b",
                "a&shy;b&zwnj;c &lt;d&gt; | ab\u200Cc <d>",
                "a<!-- b -->c | ac",
            })
    void readsAsAPersonWould(String html, String text) {
        var expected = text.replace('~', '\n');
        var actual = HtmlText.of(html.replace('~', '\n'));

        assertThat(actual.strip()).isEqualTo(expected);
    }

    @Test
    void keepsTheIndentOfPreformattedText() {
        assertThat(HtmlText.of("<pre>  if (x)\n    y();\n\nz</pre>"))
                .isEqualTo("  if (x)\n    y();\n\nz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "</",
                "<p",
                "<a href=",
                "</li></ul></blockquote></pre></a>",
                "\0",
                "<!--"
            })
    void makesDoWithAnything(String html) {
        assertThat(HtmlText.of(html)).doesNotContain("href", "\0");
    }

    @Timeout(300) // guards against deep recursion and quadratic time
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div>",
                "<b>",
                "<blockquote>",
                "<blockquote>a<br>",
                "<ul><li>",
                "<table><tr><td>",
                "<a href='https://x.example/'>",
                "<font>",
                "<p>",
                "<form>",
                "<pre>\n",
                "</p>",
                "<b><p>",
                "<table>"
            })
    void survivesThirtyThousandNestedTags(String tag) {
        assertThat(HtmlText.of(tag.repeat(30_000) + "end")).contains("end");
    }

    /** The parser takes this input for a single tag name. */
    @ParameterizedTest
    @ValueSource(strings = {"<A", "</a", "<a\u0000", "<title></tit"})
    @Timeout(300) // guards against quadratic time
    void aNameWithoutEndIsReadOnce(String beginning) {
        var name = beginning.substring(beginning.length() - 2);
        var html = "<p>one</p>" + beginning + name.repeat(1_500_000) + "><p>two</p>";

        assertThat(HtmlText.of(html)).startsWith("one");
    }

    @Test
    void whatIsBehindAnAngleBracketInATextStaysAsItIs() {
        var text = "1<2 <" + "\u4e2d".repeat(3_000);

        assertThat(HtmlText.of("<p>" + text + "</p>")).isEqualTo(text);
    }

    @Test
    void templatesBelowOthersAreReadHoweverDeep() {
        var deep = "<template><svg><template>".repeat(300);

        assertThat(HtmlText.of("<p>one</p>" + deep + "two")).startsWith("one");
    }
}
