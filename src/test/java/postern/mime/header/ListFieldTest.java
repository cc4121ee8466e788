package postern.mime.header;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListFieldTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // RFC 2369 §3
                "<mailto:list@host.com?subject=help> (List Instructions) | mailto:list@host.com?subject=help",
                "<http://www.host.com/list/>, <mailto:list-info@host.com> | http://www.host.com/list/ mailto:list-info@host.com",
                "<mailto:moderator@host.com> (Postings are Moderated)     | mailto:moderator@host.com",
                // as senders write them
                "https://example.org/u?a=1                                | https://example.org/u?a=1",
                "mailto:a@b.example, https://c.example/d                  | mailto:a@b.example https://c.example/d",
                "<https://c.example/x y>                                  | https://c.example/xy",
                "<HTTPS://C.example/?a{b>                                 | https://C.example/?a%7Bb",
                "(see <mailto:a@b.example>)                               | mailto:a@b.example",
                "<mailto:a@b.example                                      | mailto:a@b.example",
                "<https://c.example/>, <https://c.example/>               | https://c.example/",
            })
    void readsTheUrisInTheirOrder(String value, String uris) {
        assertThat(uris(value.strip())).containsExactly(uris.strip().split(" "));
    }

    /** RFC 2369 §2: long URIs are folded within their brackets. */
    @Test
    void aFoldedUriIsOne() {
        assertThat(uris("\r\n\t<https://example.org/a/\r\n b?c=d>,\r\n <mailto:x@example.org>\r\n"))
                .containsExactly("https://example.org/a/b?c=d", "mailto:x@example.org");
    }

    @Test
    void octetsAboveAsciiAreEscaped() {
        assertThat(ListField.uris("<https://example.org/ü>".getBytes(UTF_8)))
                .containsExactly("https://example.org/%C3%BC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NO",
                "NO (posting not allowed)",
                "",
                "<>",
                "(",
                "(((((((((",
                "<javascript:alert(1)>",
                "<data:text/html,x>",
                "<ftp://example.org/>",
                "<https://user:secret@example.org/>",
                "<https:///x>",
                "<https:x>",
                "<mailto:nobody>",
                "<https://example.org/\u0000>",
                "<https://exa<mple.org/>",
                "<//example.org/>",
                "unsubscribe here",
            })
    void whatIsNoSuchUriIsLeftOut(String value) {
        assertThat(uris(value)).isEmpty();
    }

    @Test
    void aFieldIsBounded() {
        assertThat(uris("<https://example.org/a>, ".repeat(5) + many(1_000)))
                .hasSize(ListField.MOST);
        assertThat(uris("<https://example.org/%s>".formatted("x".repeat(3_000)))).isEmpty();
    }

    private static String many(int count) {
        var uris = new StringBuilder();
        for (int i = 0; i < count; i++) {
            uris.append("<https://example.org/").append(i).append(">");
        }
        return uris.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "List Header Mailing List <list-header.nisto.com>  | list-header.nisto.com",
                "<commonspace-users.list-id.within.com>            | commonspace-users.list-id.within.com",
                "\"Lena's Personal <Joke> List\" <jokes.example>   | jokes.example",
                "news.example.org                                  | news.example.org",
                "<>                                                |",
                "<\u00fc.example>                                  |",
            })
    void readsTheIdentifierOfAList(String value, String id) {
        assertThat(ListField.id(value.strip().getBytes(ISO_8859_1))).isEqualTo(id);
    }

    private static List<String> uris(String value) {
        return ListField.uris(value.getBytes(ISO_8859_1));
    }
}
