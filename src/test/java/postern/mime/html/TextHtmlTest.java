package postern.mime.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextHtmlTest {

    @Test
    void keepsLinesAndMarksQuotes() {
        var html = TextHtml.of("one\n  two\n\n> a\n> > b\n>> c\n>d\n three");

        var body = Jsoup.parse(html).body();
        assertThat(body.child(0).wholeText()).isEqualTo("one\n  two\n");
        assertThat(body.child(0).attr("style")).isEqualTo("white-space:pre-wrap");
        assertThat(body.child(1).normalName()).isEqualTo("details");
        var quote = body.child(1).child(1);
        assertThat(quote.normalName()).isEqualTo("blockquote");
        assertThat(quote.child(0).wholeText()).isEqualTo("a");
        assertThat(quote.child(1).normalName()).isEqualTo("blockquote");
        assertThat(quote.child(1).wholeText()).isEqualTo("b\nc");
        assertThat(quote.child(2).wholeText()).isEqualTo("d");
        assertThat(body.child(2).wholeText()).isEqualTo(" three");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "see https://example.org/a?b=c&d. | https://example.org/a?b=c&d",
                "(https://example.org/wiki/A_(b)) | https://example.org/wiki/A_(b)",
                "<https://example.org/x> | https://example.org/x",
                "HTTP://EXAMPLE.ORG, and | HTTP://EXAMPLE.ORG",
                "www.example.org! | http://www.example.org",
                "write to ada.b+c@example.org. | mailto:ada.b+c@example.org",
                "„https://example.org“ | https://example.org",
            })
    void recognisesLinks(String text, String url) {
        var link = Jsoup.parse(TextHtml.of(text)).expectFirst("a");

        assertThat(link.attr("href")).isEqualTo(url);
        assertThat(link.attr("target")).isEqualTo("_blank");
        assertThat(link.attr("rel")).isEqualTo("noopener noreferrer nofollow");
        assertThat(Jsoup.parse(TextHtml.of(text)).body().wholeText()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "data:text/html,x",
                "http://",
                "http://.",
                "www.",
                "www.nothing",
                "a@b",
                "@",
                "@example.org",
                "xhttps://example.org",
                "file:///etc/passwd",
                "<a href=\"javascript:x\">",
            })
    void makesNothingElseALink(String text) {
        assertThat(Jsoup.parse(TextHtml.of(text)).select("a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "https://example.org/\"onmouseover=\"alert(1)",
                "https://example.org/'><img src=x onerror=alert(1)>",
                "</div></blockquote><script>",
                "a@example.org\"><svg onload=alert(1)>",
                "&lt;b&gt;",
            })
    void isNeverMarkup(String text) {
        var body = Jsoup.parse(TextHtml.of(text)).body();

        assertThat(body.wholeText()).isEqualTo(text);
        assertThat(body.select("*:not(body):not(div):not(a)")).isEmpty();
        body.select("a").forEach(link -> assertThat(link.attributes()).hasSize(3));
    }

    @Timeout(30) // guards against quadratic time
    @ParameterizedTest
    @ValueSource(
            strings = {">", "> ", ">\n", "@", "a@", "www.", "http://a", "(", "a@b.c", "\n", "h"})
    void survivesMegabytesOfIt(String piece) {
        assertThat(TextHtml.of(piece.repeat(1_000_000 / piece.length()))).isNotNull();
    }
}
