package postern.message.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;

class IfMatchTest {

    @Test
    void noHeaderAndAnAsteriskAllowEverything() {
        assertThat(IfMatch.parse(null).allows(tag(41L))).isTrue();
        assertThat(IfMatch.parse(" * ").allows(tag(41L))).isTrue();
    }

    @Test
    void allowsTheStatesItNames() {
        var ifMatch = IfMatch.parse("\"m40\", \"m41\"");

        assertThat(ifMatch.allows(tag(41L))).isTrue();
        assertThat(ifMatch.allows(tag(42L))).isFalse();
        assertThat(ifMatch.modSeq()).isEmpty();
    }

    @Test
    void weakTagsNeverMatch() {
        assertThat(IfMatch.parse("W/\"m41\"").allows(tag(41L))).isFalse();
    }

    @Test
    void rubbishAllowsNothing() {
        assertThat(IfMatch.parse("m41").allows(tag(41L))).isFalse();
    }

    @Test
    void aSingleModSequenceCanBeLeftToTheServer() {
        assertThat(IfMatch.parse(tag(41L).value()).modSeq()).hasValue(41);
    }

    @Test
    void withoutModSequencesTheTagIsWhatTheFlagsAre() {
        assertThat(tag(null, Flag.SEEN, Flag.FLAGGED))
                .isEqualTo(tag(null, Flag.FLAGGED, new Flag("\\SEEN"), Flag.RECENT))
                .isNotEqualTo(tag(null, Flag.SEEN));
    }

    private static MessageETag tag(@Nullable Long modSeq, Flag... flags) {
        return MessageETag.of(
                new FetchedMessage(
                        1,
                        1,
                        Set.of(flags),
                        modSeq,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        false));
    }
}
