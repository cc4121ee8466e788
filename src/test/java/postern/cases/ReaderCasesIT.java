package postern.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.StreamSupport;
import org.jsoup.Jsoup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.InMemoryServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

/** What a reader sees: quotations, the date, and the content of reports. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
class ReaderCasesIT {

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void theAnswersBetweenQuotationsStay(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var message = mailbox.message(mailbox.append("h3-00-moz-answer-hidden"));

        var html = Jsoup.parse(message.path("html").path("content").asString()).body();
        var folded = html.select("details.postern-quote");
        assertThat(folded.eachText().toString())
                .contains("Bob wrote", "When can you come?", "How many?")
                .doesNotContain("Hi Bob", "On Monday.", "Three.");
        assertThat(folded).hasSize(2).allMatch(quote -> quote.hasAttr("open"));
        folded.remove();
        assertThat(html.text()).isEqualTo("Hi Bob, On Monday. Three.");
        assertThat(quotes(message))
                .containsExactly(
                        "On 28.11.26 10:00, Bob wrote:\n\n> When can you come?", "> How many?");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void theLineThatSaysWhoWroteBelongsToTheQuotation(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);

        assertThat(quotes(mailbox.message(mailbox.append("h3-15-quote-polish-pisze"))))
                .containsExactly("W dniu 2026-01-19 o 10:15, Helpdesk pisze:\n> Proszę");
        assertThat(quotes(mailbox.message(mailbox.append("h3-17-quote-gmail-ru"))))
                .containsExactly(
                        "сб, 28 нояб. 2026 г. в 10:00, Иван <ivan@example.org>:\n\n> Привет");
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aDateIsReadOrAbsent(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);

        var row = mailbox.append("30-date-asctime");
        if (server == InMemoryServer.GREENMAIL) {
            return; // its ENVELOPE has the current time for a date that it cannot parse
        }
        assertThat(row.path("sentAt").asString()).isEqualTo("2026-11-28T10:00:00Z");
        assertThat(sentAt(mailbox, "Sat, 28 Nov 2026 10:00:00 CET"))
                .isEqualTo("2026-11-28T10:00:00+01:00");
        assertThat(sentAt(mailbox, "Sat, 28 Nov 2026 10:00:00 GMT+01:00"))
                .isEqualTo("2026-11-28T10:00:00+01:00");
        assertThat(sentAt(mailbox, "Mon, 31 Nov 2026 10:00:00 +0000")).isEmpty();
        assertThat(sentAt(mailbox, "Sat, 28 Nov 2026 10:00:00 IST")).isEmpty();
        var sorted = mailbox.get("/mailboxes/inbox/messages?sort=-sentAt").path("items");
        assertThat(sorted.size()).isEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void aReportHasValuesWithoutComments(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var message = mailbox.message(mailbox.append("32-delivery-report-status-with-comment"));

        var recipient = message.path("deliveryReport").path("recipients").path(0);
        assertThat(recipient.path("address").asString()).isEqualTo("bob@example.org");
        assertThat(recipient.path("status").asString()).isEqualTo("5.0.0");
        assertThat(recipient.has("diagnostic")).isFalse();
    }

    private static String sentAt(CaseMailbox mailbox, String date) {
        var mail = "From: ann@example.org\r\nDate: " + date + "\r\nSubject: x\r\n\r\nHi.\r\n";
        return mailbox.append(mail.getBytes(UTF_8)).path("sentAt").asString("");
    }

    private static List<String> quotes(JsonNode message) {
        var text = message.path("text");
        var content = text.path("content").asString();
        return StreamSupport.stream(text.path("quotes").spliterator(), false)
                .map(q -> content.substring(q.path("start").asInt(), q.path("end").asInt()))
                .toList();
    }
}
