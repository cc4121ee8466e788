package postern.mime.calendar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarLineTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a^nb, `a\nb`",
                "a^^nb, a^nb",
                "a^^^nb, `a^\nb`",
                "a^'b^', a\"b\"",
                "a^^'b, a^'b",
                "a^b, a^b",
                "a^, a^",
                "^^, ^",
                "\"a;b^^\", a;b^",
            })
    void aParameterIsDecodedInOnePass(String written, String meant) {
        var line = CalendarLine.parse("ATTENDEE;CN=" + written + ":mailto:a@example.org");

        assertThat(line).isNotNull();
        assertThat(line.parameter("CN")).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a\\nb, `a\nb`",
                "a\\\\nb, a\\nb",
                "a\\\\\\nb, `a\\\nb`",
                "`a\\,b\\;c`, `a,b;c`",
                "`a\\\\,b`, `a\\,b`",
                "a\\Nb\\, `a\nb\\`",
            })
    void aTextIsDecodedInOnePass(String written, String meant) {
        var line = CalendarLine.parse("SUMMARY:" + written);

        assertThat(line).isNotNull();
        assertThat(line.text()).isEqualTo(meant);
    }

    @Test
    void aLineMayBeFoldedWithinACharacter() {
        var octets = "BEGIN:VCALENDAR\r\nDESCRIPTION:Zoë\r\nEND:VCALENDAR\r\n".getBytes(UTF_8);
        int inside = "BEGIN:VCALENDAR\r\nDESCRIPTION:Zo".length() + 1;
        var folded = Arrays.copyOf(octets, octets.length + 3);
        System.arraycopy("\r\n ".getBytes(UTF_8), 0, folded, inside, 3);
        System.arraycopy(octets, inside, folded, inside + 3, octets.length - inside);

        assertThat(CalendarComponent.parse(folded, "UTF-8").orElseThrow().text("DESCRIPTION"))
                .contains("Zoë");
    }

    @Test
    @Timeout(60)
    void depthAndNumberAreBounded() {
        var deep = CalendarComponent.parse("BEGIN:VCALENDAR\n".repeat(200_000)).orElseThrow();
        int depth = 0;
        for (var at = deep; !at.components().isEmpty(); at = at.components().getFirst()) {
            depth++;
        }
        assertThat(depth).isLessThan(20);

        var wide = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n".repeat(200_000);
        assertThat(CalendarComponent.parse(wide).orElseThrow().components())
                .hasSizeLessThan(20_000);
    }
}
