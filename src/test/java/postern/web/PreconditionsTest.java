package postern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

class PreconditionsTest {

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
    void anotherVersionIsRefusedAndAWeakTagIsNeverThisOne(String ifMatch, boolean refused) {
        assertThat(refused(ifMatch, TAG)).isEqualTo(refused ? ProblemCode.MESSAGE_MODIFIED : null);
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
    void aVersionIsAtHandWhenItsTagIsListed(String ifNoneMatch, boolean atHand) {
        assertThat(new Preconditions(null, ifNoneMatch).notModified(TAG)).isEqualTo(atHand);
        assertThat(new Preconditions(null, ifNoneMatch).notModified("W/" + TAG)).isEqualTo(atHand);
    }

    @Test
    void whatHasNoTagMatchesAnyAndNoTag() {
        assertThat(new Preconditions("*", "*").notModified(null)).isTrue();
        assertThat(new Preconditions(null, TAG).notModified(null)).isFalse();
        assertThat(refused(TAG, null)).isEqualTo(ProblemCode.PRECONDITION_FAILED);
    }

    @Test
    void ifMatchComesFirst() {
        assertThatThrownBy(() -> new Preconditions("\"x\"", TAG).notModified(TAG))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void whoSetsNoConditionGetsEverything() {
        assertThat(new Preconditions(null, null).notModified(TAG)).isFalse();
    }

    private static @Nullable ProblemCode refused(String ifMatch, @Nullable String etag) {
        try {
            new Preconditions(ifMatch, null).notModified(etag);
            return null;
        } catch (ProblemException e) {
            return e.code();
        }
    }
}
