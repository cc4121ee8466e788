package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileConditionsTest {

    private static final String TAG = "\"abc\"";

    @ParameterizedTest
    @CsvSource({
        "'\"abc\"', false",
        "*, false",
        "'\"x\", \"abc\"', false",
        "'W/\"abc\"', true",
        "'\"x\"', true",
        "abc, true",
        "'', true"
    })
    void anotherFileIsExcludedAndAWeakTagIsNeverThisOne(String ifMatch, boolean excluded) {
        assertThat(new FileConditions(ifMatch, null, null).excludes(TAG)).isEqualTo(excluded);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"abc\"', true",
        "*, true",
        "'\"x\" ,W/\"abc\"', true",
        "'W/\"abc\"', true",
        "'\"x\"', false",
        "abc, false",
        "'', false"
    })
    void aFileIsAtHandWhenItsTagIsListed(String ifNoneMatch, boolean atHand) {
        assertThat(new FileConditions(null, ifNoneMatch, null).has(TAG)).isEqualTo(atHand);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"abc\"', true",
        "'W/\"abc\"', false",
        "'\"x\"', false",
        "*, false",
        "'Mon, 23 Nov 2026 23:00:00 GMT', false"
    })
    void aRangeOnlyGoesWithTheVeryFileItBelongsTo(String ifRange, boolean permitted) {
        assertThat(new FileConditions(null, null, ifRange).permitRange(TAG)).isEqualTo(permitted);
    }

    @Test
    void whoSetsNoConditionGetsEverything() {
        var none = new FileConditions(null, null, null);

        assertThat(none.excludes(TAG)).isFalse();
        assertThat(none.has(TAG)).isFalse();
        assertThat(none.permitRange(TAG)).isTrue();
    }
}
