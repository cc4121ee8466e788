package postern.imap.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class UidSetTest {

    @Test
    void knowsWhatIsInBothAndWhatInOneAlone() {
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var one = some(random);
            var other = some(random);

            assertThat(one.within(other).stream().toArray())
                    .isEqualTo(one.stream().filter(other::contains).toArray());
            assertThat(one.without(other).stream().toArray())
                    .isEqualTo(one.stream().filter(uid -> !other.contains(uid)).toArray());
            assertThat(LongStream.rangeClosed(1, 41).filter(one::contains).toArray())
                    .isEqualTo(one.stream().toArray());
        }
    }

    @Test
    void takesNoMoreThanOneLookAtEachRange() {
        var even = new ArrayList<UidSet.Range>();
        var odd = new ArrayList<UidSet.Range>();
        for (long uid = 2; uid <= 400_000; uid += 2) {
            even.add(new UidSet.Range(uid, uid));
            odd.add(new UidSet.Range(uid - 1, uid - 1));
        }
        var all = UidSet.range(1, 400_000);

        assertThat(all.without(new UidSet(odd))).isEqualTo(new UidSet(even));
        assertThat(new UidSet(even).without(new UidSet(odd))).isEqualTo(new UidSet(even));
        assertThat(new UidSet(even).within(new UidSet(odd)).isEmpty()).isTrue();
    }

    private static UidSet some(Random random) {
        return UidSet.of(random.longs(random.nextInt(30), 1, 41).toArray());
    }

    @Test
    void anIteratorGoesThroughTheRangesWithoutKeepingThem() {
        var uids = UidSet.parse("2,4:5,7:4294967295").iterator();

        assertThat(uids.nextLong()).isEqualTo(2);
        assertThat(uids.nextLong()).isEqualTo(4);
        assertThat(uids.nextLong()).isEqualTo(5);
        assertThat(uids.nextLong()).isEqualTo(7);
        assertThat(uids.nextLong()).isEqualTo(8);
    }

    @Test
    void anIteratorEndsAfterTheLastUid() {
        var uids = UidSet.parse("1:2,5").iterator();
        uids.nextLong();
        uids.nextLong();
        uids.nextLong();

        assertThat(uids.hasNext()).isFalse();
        assertThat(UidSet.EMPTY.iterator().hasNext()).isFalse();
    }
}
