package postern.message.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import postern.imap.message.BodyPart;

class AlternativesTest {

    @Test
    void leaveOutABlankPart() {
        var body = body(List.of(plain("1"), plain("3")), List.of(html("2"), plain("3")));

        assertThat(ids(without(body, "1").text())).containsExactly("2", "3");
        assertThat(ids(without(body, "1").html())).containsExactly("2", "3");
        assertThat(ids(without(body, "2").text())).containsExactly("1", "3");
        assertThat(ids(without(body, "2").html())).containsExactly("1", "3");
    }

    @Test
    void keepBothWhereAllIsBlankOrNothingIs() {
        var body = body(List.of(plain("1"), plain("3")), List.of(html("2"), plain("3")));

        assertThat(without(body)).isEqualTo(body);
        assertThat(without(body, "1", "2")).isEqualTo(body);
        assertThat(without(body, "3")).isEqualTo(body);
    }

    @Test
    void keepWhatHasNoAlternative() {
        var one = body(List.of(plain("1")), List.of(plain("1")));
        var textOnly = body(List.of(plain("1"), plain("2")), List.of(plain("1")));

        assertThat(without(one, "1")).isEqualTo(one);
        assertThat(without(textOnly, "2")).isEqualTo(textOnly);
    }

    private static BodySelection without(BodySelection body, String... blank) {
        var ids = Set.of(blank);
        return Alternatives.withoutBlank(body, part -> ids.contains(part.partId()));
    }

    private static BodySelection body(List<BodyPart> text, List<BodyPart> html) {
        return new BodySelection(text, html, List.of(), List.of());
    }

    private static List<String> ids(List<BodyPart> parts) {
        return parts.stream().map(BodyPart::partId).toList();
    }

    private static BodyPart plain(String partId) {
        return part(partId, "plain");
    }

    private static BodyPart html(String partId) {
        return part(partId, "html");
    }

    private static BodyPart part(String partId, String subtype) {
        return new BodyPart(
                partId,
                new BodyPart.Type("text", subtype, Map.of()),
                null,
                null,
                "7bit",
                10,
                BodyPart.Disposition.NONE,
                null,
                List.of(),
                null);
    }
}
