package postern.web.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import postern.web.body.BodyShares.Owner;

/** What bodies take of the whole, in the middle of them and after their end. */
class BodyShareTest {

    private static final Owner ANNE = new Owner("anne", 10, true);

    private final BodyShares shares = new BodyShares(100);

    @Test
    void jsonTakesMemoryUntilItsRequestEnds() {
        var share = BodyShare.take(shares, ANNE, true);
        share.grow(3 * BodyShare.STEP);
        assertThat(shares.total()).isEqualTo(4);

        share.came();
        assertThat(shares.total()).isEqualTo(3);

        share.end();
        assertThat(shares.total()).isZero();
    }

    @Test
    void aSmallBodyTakesNothingOnceItHasCome() {
        var share = BodyShare.take(shares, ANNE, true);
        share.grow(BodyShare.STEP - 1);

        share.came();

        assertThat(shares.total()).isZero();
    }

    @Test
    void filesTakeNoMoreThanTheirPlace() {
        var share = BodyShare.take(shares, ANNE, false);
        share.grow(1_000 * BodyShare.STEP);
        assertThat(shares.total()).isEqualTo(1);

        share.came();
        assertThat(shares.total()).isZero();
    }

    @Test
    void aPartThatIsReadIntoMemoryIsCountedUntilTheRequestEnds() {
        var share = BodyShare.take(shares, ANNE, false);
        share.came();

        assertThat(share.hold(4 * BodyShare.STEP)).isNull();
        assertThat(shares.total()).isEqualTo(4);

        share.end();
        assertThat(shares.total()).isZero();
    }

    @Test
    void aPartForWhichThereIsNoRoomIsRefused() {
        var first = BodyShare.take(shares, ANNE, false);
        var second = BodyShare.take(shares, ANNE, false);
        var third = BodyShare.take(shares, ANNE, false);
        assertThat(first.hold(4 * BodyShare.STEP)).isNull();
        assertThat(second.hold(3 * BodyShare.STEP)).isNull();

        assertThat(third.hold(4 * BodyShare.STEP)).isInstanceOf(TooManyBodies.class);
        assertThat(shares.total()).isEqualTo(10);
    }

    @Test
    void nothingIsGivenBackTwice() {
        var other = BodyShare.take(shares, ANNE, false);
        var share = BodyShare.take(shares, ANNE, true);
        share.end();
        share.came();
        share.end();
        share.grow(BodyShare.STEP);

        assertThat(shares.total()).isEqualTo(1);
        other.end();
        assertThat(shares.total()).isZero();
    }
}
