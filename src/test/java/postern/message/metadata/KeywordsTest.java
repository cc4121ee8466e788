package postern.message.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.message.Flag;

class KeywordsTest {

    @Test
    void namesSystemFlagsAsJmapDoes() {
        var flags = Set.of(Flag.SEEN, Flag.ANSWERED, Flag.FLAGGED, Flag.DRAFT, Flag.DELETED);

        assertThat(Keywords.of(flags).all())
                .containsOnlyKeys("$seen", "$answered", "$flagged", "$draft", "$deleted")
                .allSatisfy((_, set) -> assertThat(set).isTrue());
    }

    @Test
    void keepsTheSpellingOfOtherKeywords() {
        assertThat(Keywords.of(Set.of(new Flag("Invoice"), new Flag("$Forwarded"))).all())
                .containsOnlyKeys("$Forwarded", "Invoice");
    }

    @Test
    void leavesOutWhatNoClientCanSet() {
        assertThat(Keywords.of(Set.of(Flag.RECENT, new Flag("\\Important"))).all()).isEmpty();
    }

    @Test
    void aKeywordThatLooksLikeASystemFlagIsNotOne() {
        assertThat(Keywords.of(Set.of(new Flag("$Seen"))).all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "$seen, \\Seen",
        "$SEEN, \\Seen",
        "$deleted, \\Deleted",
        "$Forwarded, $Forwarded",
        "invoice, invoice"
    })
    void knowsTheFlagOfAKeyword(String keyword, String flag) {
        assertThat(Keywords.flag(keyword)).contains(new Flag(flag));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "$recent", "\\Seen", "a b", "a\r\nb", "\u010a", "a(", "a]", "\u00e9", "a*"
            })
    void refusesWhatCannotBeSent(String keyword) {
        assertThat(Keywords.flag(keyword)).isEmpty();
    }
}
