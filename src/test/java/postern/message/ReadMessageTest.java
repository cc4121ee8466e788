package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.imap.ImapConnections;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

@OnGreenMail
class ReadMessageTest {

    private static final String NEWSLETTER =
            """
            From: ada@example.org
            To: bob@example.org
            Bcc: eve@example.org
            Reply-To: desk@example.org
            Subject: news
            References: <a@x> <b@x>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=m

            --m
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain; charset=utf-8; format=flowed
            Content-Transfer-Encoding: quoted-printable

            A line that =
            goes=20
            on.
            --a
            Content-Type: text/html; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            <p onclick=3D"x()">caf=E9</p><img src=3D"http://example.org/t.gif"><script>x()</script>
            --a--
            --m
            Content-Type: application/pdf; name="=?utf-8?q?r=C3=A9sum=C3=A9.pdf?="
            Content-Disposition: attachment
            Content-Transfer-Encoding: base64

            JVBERi0xLjQK
            --m--
            """;

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;
    private MessageApi api;

    @BeforeEach
    void anEmptyAccount() {
        api = new MessageApi(http, connections);
    }

    @Test
    void describesTheMessage() {
        var message = read(api.append(NEWSLETTER));

        assertThat(message.get("subject").asString()).isEqualTo("news");
        assertThat(message.at("/bcc/0/email").asString()).isEqualTo("eve@example.org");
        assertThat(message.at("/replyTo/0/email").asString()).isEqualTo("desk@example.org");
        assertThat(message.at("/references/1").asString()).isEqualTo("b@x");
        assertThat(message.get("hasAttachment").asBoolean()).isTrue();
        assertThat(message.at("/attachments/0/partId").asString()).isEqualTo("2");
        assertThat(message.at("/attachments/0/name").asString()).isEqualTo("r\u00e9sum\u00e9.pdf");
        assertThat(message.at("/attachments/0/type").asString()).isEqualTo("application/pdf");
        assertThat(message.at("/attachments/0/inline").asBoolean()).isFalse();
        assertThat(message.at("/structure/type").asString()).isEqualTo("multipart/mixed");
        assertThat(message.at("/structure/subParts/0/subParts/1/partId").asString())
                .isEqualTo("1.2");
        assertThat(message.has("text")).isFalse();
        assertThat(message.has("html")).isFalse();
        assertThat(message.has("headers")).isFalse();
    }

    @Test
    void readsTextAndHtml() {
        var message = read(api.append(NEWSLETTER), "text,html");

        assertThat(message.at("/text/content").asString().strip())
                .isEqualTo("A line that goes on.");
        assertThat(message.at("/text/truncated").asBoolean()).isFalse();
        assertThat(message.at("/html/content").asString())
                .contains("caf\u00e9")
                .doesNotContain("script", "onclick", "http://example.org");
        assertThat(message.at("/html/blockedRemoteContent").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"<p>as the app likes</p>, false", "<p style='color: #222222'>dark</p>, true"})
    void tellsWhetherTheHtmlBringsColoursOfItsOwn(String html, boolean coloured) {
        var id =
                api.append(
                        """
                        Subject: colours
                        MIME-Version: 1.0
                        Content-Type: text/html

                        """
                                + html);

        assertThat(read(id, "html").at("/html/coloured").asBoolean()).isEqualTo(coloured);
    }

    @Test
    void showsTheBeginningOfAPageThatBeginsLate() {
        var style = "<style>" + "p {color: red}\n".repeat(200) + "</style>";
        var id =
                api.append(
                        "Subject: late\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
                                + style
                                + "<p>Come late.</p>\n");

        assertThat(api.json("/v1/messages/" + id).get("preview").asString())
                .isEqualTo("Come late.");
    }

    @Test
    void showsTheBeginningOfTheTextOfAMessageThatNoListHasShown() {
        var simple = api.append("Subject: a\nFrom: x@example.org\n\nCome  to tea.\n");
        var newsletter = read(api.append(NEWSLETTER), "text");

        assertThat(api.json("/v1/messages/" + simple).get("preview").asString())
                .isEqualTo("Come to tea.");
        assertThat(newsletter.get("preview").asString()).isEqualTo("A line that goes on.");
    }

    @Test
    void readsTheSameWhenTheMessageIsKnownFromAList() {
        var id = api.append(NEWSLETTER);
        var unknown = read(id, "text,html");

        api.json("/v1/mailboxes/inbox/messages");

        assertThat(read(id, "text,html")).isEqualTo(unknown);
    }

    @Test
    void readsHeadersInTheirOrder() {
        var headers = read(api.append(NEWSLETTER), "headers").get("headers");

        assertThat(headers.valueStream().map(h -> h.get("name").asString()))
                .startsWith("From", "To", "Bcc", "Reply-To", "Subject");
        assertThat(headers.at("/4/value").asString()).isEqualTo("news");
    }

    @Test
    void putsHtmlIntoWordsAndTextIntoHtml() {
        var html = api.append("Content-Type: text/html\n\n<p>Hello</p><p>you &amp; me</p>\n");
        var text = api.append("Subject: x\n\n1 < 2\n");

        assertThat(read(html, "text").at("/text/content").asString())
                .contains("Hello", "you & me")
                .doesNotContain("<p>");
        assertThat(read(text, "html").at("/html/content").asString()).contains("1 &lt; 2");
    }

    @Test
    void cutsWhatNobodyReads() {
        var id = api.append("Subject: long\n\n" + "0123456789abcdef\n".repeat(80_000));

        var text = read(id, "text").get("text");

        assertThat(text.get("truncated").asBoolean()).isTrue();
        assertThat(text.get("content").asString()).hasSizeBetween(900_000, 1_048_576);
    }

    @Test
    void readsATextThatIsLongerThanTheGuess() {
        var id = api.append("Subject: long\n\n" + "0123456789abcdef\n".repeat(20_000));

        var text = read(id, "text").get("text");

        assertThat(text.get("truncated").asBoolean()).isFalse();
        assertThat(text.get("content").asString().strip()).hasSize(17 * 20_000 - 1);
    }

    @Test
    void readingDoesNotMarkAsSeen() {
        var id = api.append(NEWSLETTER);
        read(id, "text,html,headers");

        assertThat(read(id).get("keywords").isEmpty()).isTrue();
    }

    @Test
    void aMessageThatIsAtHandIsNotSentAgain() {
        var id = api.append(NEWSLETTER);
        var path = "/v1/messages/" + id;
        var eTag = requireNonNull(api.get(path).getResponse().getHeader(HttpHeaders.ETAG));

        assertThat(eTag).startsWith("\"");
        assertThat(api.getUnless(eTag, path)).hasStatus(HttpStatus.NOT_MODIFIED);

        api.patch(id, "{'keywords': {'$seen': true}}");

        assertThat(api.getUnless(eTag, path)).hasStatus(HttpStatus.OK);
    }

    @Test
    void aMessageThatIsGoneIsNotFound() {
        var id = api.append(NEWSLETTER);
        api.expunge(id);

        var problem = api.json(api.get("/v1/messages/" + id), HttpStatus.NOT_FOUND);

        assertThat(problem.get("code").asString()).isEqualTo("message-not-found");
    }

    @Test
    void namesWhatItCannotInclude() {
        var id = api.append(NEWSLETTER);
        var result = api.get("/v1/messages/" + id + "?include=text,pictures");

        assertThat(api.json(result, HttpStatus.BAD_REQUEST).at("/errors/0/parameter").asString())
                .isEqualTo("include");
    }

    private JsonNode read(String id) {
        return api.json("/v1/messages/" + id);
    }

    private JsonNode read(String id, String include) {
        return api.json("/v1/messages/" + id + "?include=" + include);
    }
}
