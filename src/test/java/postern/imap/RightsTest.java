package postern.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RightsTest {

    @Test
    void lettersStandInTheOrderOfTheRfc() {
        assertThat(new Rights("zawsrl9w").letters()).isEqualTo("lrswa9z");
        assertThat(new Rights("")).isEqualTo(new Rights(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"L", "+w", "l r", "\r\n", "ä"})
    void whatIsNoRightIsRefused(String letters) {
        assertThatThrownBy(() -> new Rights(letters)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oldServersHaveOneLetterForSeveralRights() {
        var old = new Rights("acdilrsw");

        assertThat(old.createChild()).isTrue();
        assertThat(old.deleteMailbox()).isTrue();
        assertThat(old.removeMessages()).isTrue();
        assertThat(new Rights("lrsw").removeMessages()).isFalse();
    }

    @Test
    void theOldLettersSayNothingBesideTheNewOnes() {
        var rights = new Rights("lrtcd");

        assertThat(rights.createChild()).isFalse();
        assertThat(rights.removeMessages()).isFalse();
    }
}
