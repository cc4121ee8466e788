package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileDeliveryTest {

    private static final String TAG = "\"abc\"";

    @ParameterizedTest
    @CsvSource({
        "'\"abc\"', true",
        "'W/\"abc\"', false",
        "'\"x\"', false",
        "*, false",
        "'Mon, 23 Nov 2026 23:00:00 GMT', false"
    })
    void aRangeOnlyGoesWithTheVeryFileItBelongsTo(String ifRange, boolean permitted) {
        assertThat(FileDelivery.permitsRange(ifRange, TAG)).isEqualTo(permitted);
    }

    @Test
    void aRangeGoesWithoutACondition() {
        assertThat(FileDelivery.permitsRange(null, TAG)).isTrue();
    }
}
