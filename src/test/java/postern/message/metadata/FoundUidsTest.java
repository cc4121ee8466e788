package postern.message.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import postern.imap.message.UidSet;

class FoundUidsTest {

    @Test
    void handsOutTheNewestUntilNoneIsLeft() {
        var candidates = new FoundUids(UidSet.parse("1:3,10,20:4000000000"));

        assertThat(candidates.newest(2)).isEqualTo(UidSet.range(3_999_999_999L, 4_000_000_000L));
        candidates.newest(Integer.MAX_VALUE);
        assertThat(candidates.left()).isTrue();
    }

    @Test
    void takesFromSeveralRanges() {
        var candidates = new FoundUids(UidSet.parse("1:3,10"));

        assertThat(candidates.newest(2)).isEqualTo(UidSet.parse("3,10"));
        assertThat(candidates.newest(5)).isEqualTo(UidSet.parse("1:2"));
        assertThat(candidates.left()).isFalse();
    }
}
