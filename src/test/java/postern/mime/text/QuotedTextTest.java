package postern.mime.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.mime.html.TextHtml;

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
                "W dniu 2026-01-19 o 10:15, Helpdesk pisze:",
                "сб, 28 нояб. 2026 г. в 10:00, Иван <ivan@example.org>:",
                "сб, 28 лист. 2026 р. о 10:00 Іван <ivan@example.org> пише:",
                "На сб, 28.11.2026 г. в 10:00 Иван <ivan@example.org> написа:",
                "Dne 28. 11. 26 v 10:00 Ada napsal(a):",
                "so 28. 11. 2026 o 10:00 Ada <ada@example.org> napísal(a):",
                "2026-11-28 10:00 keltezéssel, Ada írta:",
                "Ada <ada@example.org> ezt írta (időpont: 2026. nov. 28., Szo 10:00):",
                "În sâm., 28 nov. 2026 la 10:00, Ada <ada@example.org> a scris:",
                "Στις Σάβ 28 Νοε 2026 στις 10:00 π.μ., ο χρήστης Ada <ada@example.org> έγραψε:",
                "V V sob., 28. nov. 2026 ob 10:00 je oseba Ada <ada@example.org> napisala:",
                "sub, 28. stu 2026. u 10:00 Ada <ada@example.org> napisao je:",
                "2026-11-28, št, 10:00 Ada <ada@example.org> rašė:",
                "sestd., 2026. g. 28. nov., plkst. 10:00 — lietotājs Ada (<ada@example.org>)"
                        + " rakstīja:",
                "Kuupäev L, 28. november 2026 kell 10:00 kirjutas Ada <ada@example.org>:",
                "El ds., 28 de nov. 2026, 10:00, Ada <ada@example.org> va escriure:",
                "2026(e)ko aza. 28(a) 10:00 erabiltzaileak hau idatzi du (ada@example.org):",
                "Pada tanggal Sab, 28 Nov 2026 pukul 10.00 Ada <ada@example.org> menulis:",
                "Vào Th 7, 28 thg 11, 2026 vào lúc 10:00 Ada <ada@example.org> đã viết:",
                "ในวันที่ ส. 28 พ.ย. 2569 เวลา 10:00 Ada <ada@example.org> เขียนว่า:",
                "\u202bבתאריך שבת, 28 בנוב׳ 2026 ב-10:00 מאת \u202aAda\u202c\u200f <\u202aada@example.org\u202c\u200f>:\u202c",
                "في السبت، 28 نوفمبر 2026 في 10:00 ص تمت كتابة ما يلي بواسطة Ada"
                        + " <ada@example.org>:",
                "शनि, 28 नव॰ 2026 को 10:00 बजे को Ada <ada@example.org> ने लिखा:",
                "2026년 11월 28일 (토) 오전 10:00, Ada <ada@example.org>님이 작성:",
                "Þann lau., 28. nóv. 2026 kl. 10:00 skrifaði Ada <ada@example.org>:",
                "Ada <ada@example.org> xxxx 28.11.2026 10:00 yyyy:",
                "Quoting Ada <ada@example.org>:",
                "* Ada <ada@example.org> [2026-11-28 10:00]:",
                "On Sun, 1 Mar 2026 at 12:00, A Very Long Name Indeed\n<ada1@example.org> wrote:",
                "On Sun, 1 Mar 2026\nat noon, A Very Long Name Indeed\n<ada1@example.org> wrote:",
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
                "-----Ursprüngliche Nachricht-----\n"
                        + "Von: Ada\n"
                        + "Gesendet: Sonntag\n"
                        + "An: Bob\n"
                        + "Betreff: Tee",
                "________________________________\nFrom: Ada\nSent: Sunday\nTo: Bob\nSubject: tea",
                "Von: Ada <ada@example.org>\n"
                        + "Gesendet: Sonntag, 1. März 2026 12:00\n"
                        + "An: Bob\n"
                        + "Betreff: Tee",
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
                "FYI\n\n"
                        + "---------- Forwarded message ---------\n"
                        + "From: Ada\n"
                        + "Date: Sunday\n"
                        + "Subject: tea\n"
                        + "To: Bob\n\n"
                        + "Come.",
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "My answers to your questions:",
                "I have 3 points about this:",
                "The plan for 28.11.2026:",
                "RFC 5322 of 2008 has this in section 3:",
                "Mail bob@example.org about this:",
                "See you at 10:00, and to your question:",
                "See you at 10\nand to your question:",
            })
    void anOrdinaryLineThatEndsWithAColonStays(String line) {
        var text = "Thanks.\n\n" + line + "\n\n> come to tea\n";

        assertThat(QuotedText.of(text).quotes().stream().map(quote -> part(text, quote)))
                .containsExactly("> come to tea");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----Original Message-----\n"
                        + "From: Ada\n"
                        + "Sent: Sunday\n"
                        + "To: Bob\n"
                        + "Subject: tea\n\n"
                        + "> tea?",
                "-----Original Message-----\n> From: Ada\n> tea?",
                "________________________________\n"
                        + "From: Ada\n"
                        + "Sent: Sunday\n"
                        + "Subject: tea\n\n"
                        + "> tea?\n"
                        + ">\n"
                        + "> x",
            })
    void whatStandsBelowAMarkedHistoryStays(String history) {
        var text = "Hi.\n\n" + history + "\n\nOn Monday.\n\n> how many?\n\nThree.\n";

        var quotes = QuotedText.of(text).quotes();

        assertThat(quotes.stream().map(quote -> part(text, quote)))
                .containsExactly(history, "> how many?");
        assertThat(quotes).noneMatch(QuotedText.Quote::trailing);
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

    @Timeout(30) // guards against quadratic time
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
