package postern.mime.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.mime.html.HtmlText;

class BlankTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \r\n\t",
                "\u00A0",
                "&nbsp;\n&nbsp;",
                "\u200B\u200C\u200D\u2060\uFEFF\u00AD",
                "\u034F \u115F\u3164\u2800",
                "\uFE0F"
            })
    void isWhatShowsNothing(String text) {
        assertThat(BlankText.is(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "-", "&nbsp", "a", "日", "\uD83D\uDE00", "\uFFFD", "\u00A0x"})
    void isNothingThatShowsSomething(String text) {
        assertThat(BlankText.is(text)).isFalse();
    }

    @Test
    void keepsJoinersWithinWords() {
        assertThat(
                        HtmlText.of(
                                "<p>&zwnj;&nbsp;&zwnj; می\u200Cخواهم"
                                        + " \uD83D\uDC68\u200D\uD83D\uDCBB</p>"))
                .isEqualTo("می\u200Cخواهم \uD83D\uDC68\u200D\uD83D\uDCBB");
    }
}
