package postern.mime.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowedTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "one ~two ~three~|one two three~",
                "one~two~|one~two~",
                "one ~two|one two",
                "a ~|a ~",
                " stuffed~|stuffed~",
                " >not a quote~|>not a quote~",
                " From me~|From me~",
                "> quoted ~> text~|> quoted text~",
                ">quoted ~>text~|> quoted text~",
                ">> deep ~>> er~> up~|>> deep er~> up~",
                "> quote ~answer~|> quote ~answer~",
                "text ~> quote~|text ~> quote~",
                "text ~-- ~Me ~Myself~|text ~-- ~Me Myself~",
                "> -- ~> Me~|> -- ~> Me~",
                "~~a~|~~a~",
                ">~> a~|>~> a~",
            })
    void joinsTheLinesOfAParagraph(String folded, String text) {
        assertThat(FlowedText.unfold(folded.replace('~', '\n'), false))
                .isEqualTo(text.replace('~', '\n'));
    }

    @Test
    void removesTheSpaceThatWasAddedWithTheBreak() {
        assertThat(FlowedText.unfold("日本 \n語の \n文\n", true)).isEqualTo("日本語の文\n");
        assertThat(FlowedText.unfold("two  \nwords\n", true)).isEqualTo("two words\n");
        assertThat(FlowedText.unfold("-- \nMe\n", true)).isEqualTo("-- \nMe\n");
    }

    @Timeout(30) // guards against quadratic time
    @ParameterizedTest
    @ValueSource(strings = {">", " ", "\n", " \n", "> \n", ">\n>>\n", "-- \n"})
    void worksInOnePassOnHalfAMegabyte(String piece) {
        var text = piece.repeat(500_000 / piece.length());

        assertThat(FlowedText.unfold(text, true).length()).isLessThanOrEqualTo(text.length() + 2);
    }
}
