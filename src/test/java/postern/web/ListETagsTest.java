package postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.testserver.InMemoryServer;

/** Lists have an ETag, so that an app that asks again is not sent the same list. */
@OnGreenMail
class ListETagsTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;
    private static final String MESSAGES = "/v1/mailboxes/inbox/messages";

    private final String user = SERVER.newUser();
    @Autowired private MockMvcTester http;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/mailboxes",
                "/v1/mailboxes/inbox",
                MESSAGES,
                MESSAGES + "?withState=true",
                "/v1/mailboxes/inbox/threads"
            })
    void aListThatIsTheSameIsNotSentAgain(String path) {
        var first = get(path, HttpHeaders.IF_MATCH, "*");
        var tag = tag(first);

        assertThat(first).hasStatusOk().hasContentType(MediaType.APPLICATION_JSON);
        assertThat(get(path, HttpHeaders.IF_NONE_MATCH, tag))
                .hasStatus(304)
                .hasHeader(HttpHeaders.ETAG, tag)
                .hasHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        assertThat(get(path, HttpHeaders.IF_NONE_MATCH, "\"x\"")).hasStatusOk();
        assertThat(get(path, HttpHeaders.IF_MATCH, tag)).hasStatusOk();
        assertThat(get(path, HttpHeaders.IF_MATCH, "\"x\"")).hasStatus(412);
    }

    @Test
    void aListWithANewMessageHasAnotherTag() {
        var tag = tag(get(MESSAGES, HttpHeaders.IF_MATCH, "*"));

        var stored =
                http.post()
                        .uri(MESSAGES)
                        .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                        .contentType("message/rfc822")
                        .content("Subject: news\r\n\r\nText\r\n")
                        .exchange();

        assertThat(stored).hasStatus(201);
        assertThat(get(MESSAGES, HttpHeaders.IF_NONE_MATCH, tag))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("$.items[0].subject")
                .isEqualTo("news");
    }

    private static String tag(MvcTestResult answer) {
        var tag = answer.getResponse().getHeader(HttpHeaders.ETAG);
        assertThat(tag).isNotNull();
        return tag;
    }

    private MvcTestResult get(String path, String header, String value) {
        return http.get()
                .uri(path)
                .headers(headers -> headers.setBasicAuth(user, SERVER.password()))
                .header(header, value)
                .exchange();
    }
}
