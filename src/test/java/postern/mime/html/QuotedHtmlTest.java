package postern.mime.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotedHtmlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Gmail
                "<div dir=ltr>Thanks</div><br><div class='gmail_quote'><div dir=ltr"
                        + " class=gmail_attr>On Sunday Ada wrote:<br></div><blockquote"
                        + " class=gmail_quote>tea?</blockquote></div>",
                // Apple Mail
                "Thanks<br><div><blockquote type='cite'><div>On Sunday, Ada"
                        + " wrote:</div><br><div>tea?</div></blockquote></div><br>",
                // Thunderbird
                "<p>Thanks</p><div class='moz-cite-prefix'>Am Sonntag schrieb Ada:<br></div>"
                        + "<blockquote type='cite' cite='mid:x'>tea?</blockquote>",
                // Outlook on the web
                "<div>Thanks</div><div id='appendonsend'></div><hr><div"
                        + " id='divRplyFwdMsg'><b>From:</b> Ada</div><div>tea?</div>",
                // Outlook for Windows
                "<div class=WordSection1><p>Thanks</p><div><div style='border:none;border-top:solid"
                        + " #E1E1E1 1.0pt;padding:3.0pt 0 0 0'><p><b>Von:</b> Ada<br><b>Gesendet:</b>"
                        + " Sonntag</p></div></div><p>tea?</p></div>",
                // Yahoo
                "<div>Thanks</div><div id=x class='yahoo_quoted'><div>On Sunday, Ada wrote:</div>"
                        + "<div>tea?</div></div>",
                // Proton
                "<div>Thanks</div><div class='protonmail_quote'>On Sunday, Ada wrote:<br>"
                        + "<blockquote type=cite>tea?</blockquote></div>",
                // Roundcube
                "<p>Thanks</p><p id='reply-intro'>W dniu 2026-03-01 Ada napisał(a):</p>"
                        + "<blockquote type='cite'>tea?</blockquote>",
                // Outlook for Mac
                "<div>Thanks</div><div style='border:none;border-top:solid #B5C4DF"
                        + " 1.0pt;padding:3.0pt 0in 0in 0in'><p><b>From: </b>Ada<br><b>Date:"
                        + " </b>Sunday<br><b>Subject: </b>tea</p></div><div>tea?</div>",
                // Outlook in a language that is not supported
                "<p>Thanks</p><div><div style='border:none;border-top:solid #E1E1E1"
                        + " 1.0pt'><p><b>Aaa:</b> Ada<br><b>Bbb:</b> 1.3.2026<br><b>Ccc:</b>"
                        + " Bob<br><b>Ddd:</b> Tee</p></div></div><p>tea?</p>",
                // Zimbra
                "<div>Thanks</div><div><hr id='zwchr'><b>From: </b>Ada<br><b>Sent: </b>Sunday<br>"
                        + "<b>Subject: </b>tea<br></div><div><br>tea?</div>",
                // iPhone
                "<div dir=ltr>Thanks</div><div dir=ltr><br><blockquote type=cite>On Sunday, Ada"
                        + " wrote:<br><br></blockquote></div><blockquote"
                        + " type=cite><div>tea?</div></blockquote>",
                // recognised by the attribution alone
                "<p>Thanks</p><p>28 нояб. 2026 г. в 10:00, Ada &lt;ada@example.org&gt;:</p>"
                        + "<blockquote>tea?</blockquote>",
                "Thanks<br>Op 28-11-2026 om 10:00 schreef <a"
                        + " href='mailto:a@example.org'>Ada</a>:<br><div><blockquote"
                        + " style='margin:0'>tea?</blockquote></div>",
                // GMX
                "<div>Thanks</div><div name='quote' style='margin:10px'>Gesendet:"
                        + " Sonntag<br>tea?</div>",
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
                "FYI<div class='gmail_quote'><div class=gmail_attr>---------- Forwarded message"
                        + " ---------<br>From: Ada</div>tea?</div>",
                "<p>x</p><blockquote type=cite><div>Begin forwarded"
                        + " message:</div>tea?</blockquote>",
                "<p>x</p><div style='border-top:solid #E1E1E1 1pt'>Prices from: 12"
                        + " Euro</div><p>y</p>",
            })
    void leavesOpenWhatIsInDoubt(String html) {
        assertThat(safe(html).select("details")).isEmpty();
    }

    @Test
    void leavesOpenWhatIsAnsweredInPlace() {
        var body =
                safe(
                        "<blockquote type=cite>one?</blockquote>yes<blockquote"
                                + " type=cite>two?</blockquote>no");

        assertThat(body.select("details.postern-quote[open]")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Thunderbird
                "<p>@</p><div class='moz-cite-prefix'>On 28.11.26 10:00, Bob"
                        + " wrote:<br></div><blockquote"
                        + " type='cite'>tea?</blockquote><p>@</p><blockquote type='cite'>how"
                        + " many?</blockquote><p>@</p><div class='moz-signature'>@</div>",
                "<div class='moz-cite-prefix'>On 28.11.26 10:00, Bob wrote:<br></div>"
                        + "<blockquote type='cite'>tea?</blockquote><p>@</p>",
                "<p>@</p><div class='moz-cite-prefix'>On 28.11.26 10:00, Bob wrote:</div><p>@</p>",
                // Gmail
                "<div dir=ltr><div class='gmail_quote'><div class=gmail_attr>On Sunday Ada"
                        + " wrote:<br></div><blockquote"
                        + " class=gmail_quote>tea?</blockquote><div>@</div><blockquote"
                        + " class=gmail_quote>how many?</blockquote><div>@</div></div></div>",
                "<div class='gmail_quote'><div class=gmail_attr>On Sunday Ada wrote:<br></div>"
                        + "<blockquote>tea?</blockquote></div><div>@</div>",
                // Yahoo, Proton, GMX, Roundcube
                "<p>@</p><div class='yahoo_quoted'><div>On Sunday Ada"
                        + " wrote:</div>tea?</div><p>@</p>",
                "<p>@</p><div class='protonmail_quote'>On Sunday Ada wrote:<br><blockquote"
                        + " class='protonmail_quote' type=cite>tea?</blockquote>@<br></div>@",
                "<div name='quote'>Gesendet: Sonntag<br>tea?</div><p>@</p>",
                "<p id='reply-intro'>Am Sonntag schrieb Ada:</p><blockquote"
                        + " type='cite'>tea?</blockquote><p>@</p>",
                // Outlook
                "<p>@</p><div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>From:</b>"
                        + " Ada</div><div>tea?</div></div><p>@</p>",
                "<p>@</p><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>From:</b>"
                        + " Ada</div><div class='x_elementToProof'>tea?</div><div"
                        + " class='elementToProof'>@</div>",
                "<p>@</p><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>From:</b>"
                        + " Ada</div><blockquote>tea?</blockquote><p>@</p>",
                "<p>@</p><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>From:</b>"
                        + " Ada</div><div>tea?</div><div class='gmail_signature'>@</div>",
                "<p>@</p><div id='appendonsend'></div><p>@</p>",
                "<p>@</p><div class=WordSection1><div style='border:none;border-top:solid #E1E1E1"
                        + " 1.0pt'><p><b>From:</b> Ada<br><b>Sent:</b> Sunday<br><b>Subject:</b>"
                        + " tea</p></div><p>tea?</p></div><p>@</p>",
                "<p>@</p><div style='border:none;border-left:solid blue 1.5pt'><div><div"
                        + " style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b>"
                        + " Ada<br><b>Sent:</b> Sunday<br><b>Subject:</b>"
                        + " tea</p></div></div><p>tea?</p></div><p>@</p>",
                "<p>@</p><div style='border-top:solid #B5C4DF 1pt'><b>From:</b> Ada<br><b>Sent:</b>"
                        + " Sunday<br><b>Subject:</b> tea<br><br>tea?</div><p>@</p>",
                // text that only looks like an attribution
                "<p>@ here is what I want to say about that:</p><blockquote"
                        + " type=cite>tea?</blockquote><p>@</p>",
                "<p>@ the plan for 28.11.2026:</p><blockquote type=cite>tea?</blockquote><p>@</p>",
                "<div>@ an answer<br>and more<br>2026-11-28 10:00 Ada:</div><blockquote"
                        + " type=cite>tea?</blockquote>@",
            })
    void neverFoldsWhatTheSenderWrote(String html) {
        var body = safe(html);

        body.select("details.postern-quote").remove();

        assertThat(body.text().chars().filter(c -> c == '@').count())
                .isEqualTo(html.chars().filter(c -> c == '@').count());
        assertThat(body.text()).doesNotContain("tea?", "how many?");
    }

    // Takes a second; examining all siblings of each quote mark takes minutes.
    @Timeout(90)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div id='appendonsend'></div>",
                "<blockquote>a</blockquote>",
                "<div id='divRplyFwdMsg'>From: a</div>",
                "<div style='border-top:solid #E1E1E1 1pt'>From: a<br>Sent: b<br>Subject: c</div>",
            })
    void emptyParagraphsCostOnePass(String mark) {
        var html = "<div>".repeat(200) + mark + "<p></p>".repeat(400_000) + mark.repeat(50) + "y";

        assertThat(QuotedHtml.folded(html)).contains("y");
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
