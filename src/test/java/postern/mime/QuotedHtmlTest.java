package postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotedHtmlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Gmail
                "<div dir=ltr>Thanks</div><br><div class='gmail_quote'><div dir=ltr class=gmail_attr>On"
                        + " Sunday Ada wrote:<br></div><blockquote class=gmail_quote>tea?</blockquote></div>",
                // Apple Mail
                "Thanks<br><div><blockquote type='cite'><div>On Sunday, Ada wrote:</div><br><div>tea?</div>"
                        + "</blockquote></div><br>",
                // Thunderbird
                "<p>Thanks</p><div class='moz-cite-prefix'>Am Sonntag schrieb Ada:<br></div>"
                        + "<blockquote type='cite' cite='mid:x'>tea?</blockquote>",
                // Outlook on the web
                "<div>Thanks</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>From:</b> Ada"
                        + "</div><div>tea?</div>",
                // Outlook for Windows
                "<div class=WordSection1><p>Thanks</p><div><div style='border:none;border-top:solid #E1E1E1"
                        + " 1.0pt;padding:3.0pt 0 0 0'><p><b>Von:</b> Ada<br><b>Gesendet:</b> Sonntag</p></div>"
                        + "</div><p>tea?</p></div>",
                // Yahoo
                "<div>Thanks</div><div id=x class='yahoo_quoted'><div>On Sunday, Ada wrote:</div>"
                        + "<div>tea?</div></div>",
                // Proton
                "<div>Thanks</div><div class='protonmail_quote'>On Sunday, Ada wrote:<br>"
                        + "<blockquote type=cite>tea?</blockquote></div>",
                // GMX
                "<div>Thanks</div><div name='quote' style='margin:10px'>Gesendet: Sonntag<br>tea?</div>",
            })
    void foldsTheHistory(String html) {
        var body = safe(html);

        var quotes = body.select("details.postern-quote");
        assertThat(quotes).hasSize(1);
        assertThat(quotes.getFirst().hasAttr("open")).isFalse();
        assertThat(quotes.getFirst().text()).contains("tea?").doesNotContain("Thanks");
        quotes.remove();
        assertThat(body.text().strip()).isEqualTo("Thanks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<blockquote>a saying</blockquote><p>text</p>",
                "<div class='gmail_quote'>all there is</div>",
                "FYI<div class='gmail_quote'><div class=gmail_attr>---------- Forwarded message ---------"
                        + "<br>From: Ada</div>tea?</div>",
                "<p>x</p><blockquote type=cite><div>Begin forwarded message:</div>tea?</blockquote>",
                "<p>x</p><div style='border-top:solid #E1E1E1 1pt'>Prices from: 12 Euro</div><p>y</p>",
            })
    void leavesOpenWhatIsInDoubt(String html) {
        assertThat(safe(html).select("details")).isEmpty();
    }

    @Test
    void leavesOpenWhatIsAnsweredInPlace() {
        var body =
                safe(
                        "<blockquote type=cite>one?</blockquote>yes<blockquote type=cite>two?</blockquote>no");

        assertThat(body.select("details.postern-quote[open]")).hasSize(2);
    }

    @Test
    void marksSignatures() {
        var body = safe("<p>x</p><div class=gmail_signature>Ada</div>");

        assertThat(body.expectFirst("div.postern-signature").text()).isEqualTo("Ada");
    }

    private static Element safe(String html) {
        var safe =
                SafeHtml.quotesFolded(
                        html, SafeHtml.RemoteContent.BLOCK, InlineParts.asReferredTo());
        return Jsoup.parse(safe.html()).body();
    }
}
