package postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotedTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "On Sun, 1 Mar 2026 at 12:00, Ada <ada@example.org> wrote:",
                "On Sun, 1 Mar 2026 at 12:00, A Very Long Name Indeed\n<ada@example.org> wrote:",
                "Am 01.03.26 um 12:00 schrieb Ada:",
                "Am So., 1. März 2026 um 12:00 Uhr schrieb Ada <ada@example.org>:",
                "Le dim. 1 mars 2026 à 12:00, Ada <ada@example.org> a écrit :",
                "El dom, 1 mar 2026 a las 12:00, Ada (<ada@example.org>) escribió:",
                "Il giorno dom 1 mar 2026 alle ore 12:00 Ada <ada@example.org> ha scritto:",
                "Em dom., 1 de mar. de 2026 às 12:00, Ada <ada@example.org> escreveu:",
                "Op zo 1 mrt 2026 om 12:00 schreef Ada <ada@example.org>:",
                "Den sön 1 mars 2026 kl 12:00 skrev Ada <ada@example.org>:",
                "su 1. maalisk. 2026 klo 12.00 Ada (ada@example.org) kirjoitti:",
                "niedz., 1 mar 2026 o 12:00 Ada <ada@example.org> napisał(a):",
                "вс, 1 мар. 2026 г. в 12:00, Ada <ada@example.org>:\nAda пишет:",
                "2026年3月1日(日) 12:00 Ada <ada@example.org>さんのメール:",
                "Ada <ada@example.org> 于2026年3月1日周日 12:00写道：",
                "Ada <ada@example.org>, 1 Mar 2026 Paz, 12:00 tarihinde şunu yazdı:",
            })
    void aQuoteBeginsWhereItIsIntroduced(String attribution) {
        var text = "Thanks.\n\n" + attribution + "\n\n> come to tea\n> on Monday\n";

        var quotes = QuotedText.of(text).quotes();

        assertThat(quotes).hasSize(1);
        assertThat(part(text, quotes.getFirst())).endsWith("> on Monday").startsWith(attribution);
        assertThat(quotes.getFirst().trailing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----Original Message-----\nFrom: Ada\nSent: Sunday\nTo: Bob\nSubject: tea",
                "-----Ursprüngliche Nachricht-----\nVon: Ada\nGesendet: Sonntag\nAn: Bob\nBetreff: Tee",
                "________________________________\nFrom: Ada\nSent: Sunday\nTo: Bob\nSubject: tea",
                "Von: Ada <ada@example.org>\nGesendet: Sonntag, 1. März 2026 12:00\nAn: Bob\nBetreff: Tee",
                "De : Ada\nEnvoyé : dimanche\nÀ : Bob\nObjet : thé",
                "De: Ada\nEnviado el: domingo\nPara: Bob\nAsunto: té",
                "Da: Ada\nInviato: domenica\nA: Bob\nOggetto: tè",
                "Van: Ada\nVerzonden: zondag\nAan: Bob\nOnderwerp: thee",
                "*From:* Ada\n*Sent:* Sunday\n*To:* Bob\n*Subject:* tea",
                "发件人: Ada\n发送时间: 2026年3月1日\n收件人: Bob\n主题: 茶",
            })
    void whatOutlookAppendsIsAQuoteToTheEnd(String header) {
        var text = "Thanks.\n\n" + header + "\n\nCome to tea.\n";

        var quotes = QuotedText.of(text).quotes();

        assertThat(quotes).hasSize(1);
        assertThat(part(text, quotes.getFirst())).isEqualTo(header + "\n\nCome to tea.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "He wrote:\nnothing at all",
                ">>> import this\n",
                "x\n>From here to there\ny",
                "> all that there is\n> is quoted\n",
                "FYI\n\n---------- Forwarded message ---------\nFrom: Ada\nDate: Sunday\nSubject: tea\nTo: Bob\n\nCome.",
                "Hi\n\nBegin forwarded message:\n\nFrom: Ada\nDate: Sunday\nSubject: tea\n\nCome.",
                "From: here\nto there\n",
                "a > b\n",
                "1 -> 2\n",
                "",
                "\n\n",
            })
    void whatIsInDoubtIsNoQuote(String text) {
        assertThat(QuotedText.of(text).quotes()).isEmpty();
    }

    @Test
    void whatTheSenderWroteJustAboveIsNotOfTheQuote() {
        var text = "Thanks\nOn Sunday Bob wrote:\n> tea at 5?\n";

        assertThat(part(text, QuotedText.of(text).quotes().getFirst()))
                .startsWith("On Sunday Bob wrote:");
    }

    @Test
    void aQuoteThatIsAnsweredInPlaceIsNotTrailing() {
        var text = "> one?\nyes\n\n> two?\nno\n";

        assertThat(QuotedText.of(text).quotes())
                .extracting(QuotedText.Quote::trailing)
                .containsExactly(false, false);
    }

    @Test
    void quotesWithinQuotesFollowThem() {
        var text = "hi\n> a\n>> b\n> > c\n> d\n";

        var quotes = QuotedText.of(text).quotes();

        assertThat(quotes).extracting(QuotedText.Quote::depth).containsExactly(1, 2);
        assertThat(quotes.stream().map(quote -> part(text, quote)))
                .isEqualTo(List.of("> a\n>> b\n> > c\n> d", ">> b\n> > c"));
    }

    @Test
    void aSignatureEndsAtTheQuote() {
        var text = "hi\n\n-- \nAda\nCountess\n\nOn Sunday Bob wrote:\n> tea?\n> -- \n> Bob\n";

        var quoted = QuotedText.of(text);

        assertThat(quoted.signature()).isNotNull();
        assertThat(text.substring(quoted.signature().start(), quoted.signature().end()))
                .isEqualTo("-- \nAda\nCountess");
        assertThat(quoted.quotes().getFirst().trailing()).isTrue();
        assertThat(QuotedText.of("no signature -- really").signature()).isNull();
    }

    @Test
    void asHtmlItFolds() {
        var body = Jsoup.parse(TextHtml.of("hi\n\nOn Sunday Bob wrote:\n> tea?\n")).body();

        var quote = body.expectFirst("details.postern-quote");
        assertThat(quote.hasAttr("open")).isFalse();
        assertThat(quote.text()).contains("Bob wrote", "tea?");
        assertThat(quote.expectFirst("blockquote").text()).isEqualTo("tea?");
    }

    @Timeout(20) // a guard against quadratic work, not a measurement
    @ParameterizedTest
    @ValueSource(
            strings = {
                ">\n",
                "> a\n",
                "> a\nb\n",
                "\n",
                "From: x\n",
                "-- \n",
                "wrote:\n",
                ">>>>>>>>>>>>>>\n"
            })
    void survivesHundredsOfKilobytes(String line) {
        assertThat(QuotedText.of(line.repeat(400_000 / line.length())).quotes().size())
                .isLessThanOrEqualTo(500);
    }

    private static String part(String text, QuotedText.Quote quote) {
        return text.substring(quote.start(), quote.end());
    }
}
