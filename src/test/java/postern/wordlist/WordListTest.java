package postern.wordlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordListTest {

    @Test
    void readsSectionsWithoutComments() {
        var sample = WordList.read(WordListTest.class, "sample.txt");

        assertThat(sample.words("colours")).containsExactly("red", "dark blue", "C#");
        assertThat(sample.pairs("sizes", Integer::valueOf))
                .isEqualTo(Map.of("small", 1, "very large", 90));
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.txt", "no-section.txt", "twice.txt", "latin-1.txt"})
    void aFileThatIsMissingOrWrongIsRefusedByName(String file) {
        assertThatThrownBy(() -> WordList.read(WordListTest.class, file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file);
    }

    @Test
    void aSectionThatIsMissingOrWrongIsRefused() {
        var sample = WordList.read(WordListTest.class, "sample.txt");
        var noPair = WordList.read(WordListTest.class, "no-pair.txt");

        assertThatThrownBy(() -> sample.words("shapes")).hasMessageContaining("[shapes]");
        assertThatThrownBy(() -> noPair.pairs("sizes", Integer::valueOf))
                .hasMessageContaining("small");
    }
}
