package postern.message.part;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageIdsTest {

    @Test
    void takesTheBracketsOff() {
        assertThat(MessageIds.parse("<a@x>\r\n <b@y> (comment)")).containsExactly("a@x", "b@y");
    }

    @Test
    void takesBareWordsWhereThereAreNoBrackets() {
        assertThat(MessageIds.parse(" a@x  b@y ")).containsExactly("a@x", "b@y");
    }

    @Test
    void nothingIsNoIds() {
        assertThat(MessageIds.parse("  ")).isEmpty();
    }
}
