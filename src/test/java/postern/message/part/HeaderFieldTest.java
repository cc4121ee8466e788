package postern.message.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderFieldTest {

    @Test
    void unfoldsAndDecodesInOrder() {
        assertThat(
                        fields(
                                """
                                Subject: =?utf-8?q?caf=C3=A9?=
                                 and cake\r
                                X-Empty:\r
                                Subject : twice\r
                                \r
                                """))
                .containsExactly(
                        new HeaderField("Subject", "caf\u00e9 and cake"),
                        new HeaderField("X-Empty", ""),
                        new HeaderField("Subject", "twice"));
    }

    @Test
    void leavesOutLinesThatAreNoField() {
        assertThat(fields("From ada Thu Mar  5\r\n: nothing\r\nTo: bob\r\nrubbish"))
                .containsExactly(new HeaderField("To", "bob"));
    }

    @Test
    void findsTheFirstOfAName() {
        var raw = HeaderField.split("A: 1\nreferences: <x@y>\n".getBytes(StandardCharsets.UTF_8));

        assertThat(HeaderField.first(raw, "references")).isPresent();
        assertThat(HeaderField.first(raw, "b")).isEmpty();
    }

    private static List<HeaderField> fields(String header) {
        return HeaderField.split(header.getBytes(StandardCharsets.UTF_8)).stream()
                .map(HeaderField.Raw::decoded)
                .toList();
    }
}
