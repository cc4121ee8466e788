package postern.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.web.problem.InvalidRequest;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-499, 1000, 0, 500",
        "bytes=500-, 1000, 500, 500",
        "bytes=-1, 1000, 999, 1",
        "bytes=-5000, 1000, 0, 1000",
        "bytes=999-999, 1000, 999, 1",
        "bytes=0-99999999999999999999999, 1000, 0, 1000",
        "bytes=-99999999999999999999999, 1000, 0, 1000",
        "BYTES= 7-9 , 1000, 7, 3",
        "'bytes=,1-2,', 1000, 1, 2"
    })
    void isThePartOfTheFileThatItNames(String header, long length, long offset, long octets) {
        assertThat(range(header).of(length)).hasValue(new ByteRange.Slice(offset, octets));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=1000-, 1000",
        "bytes=1000-2000, 1000",
        "bytes=-0, 1000",
        "bytes=0-, 0",
        "bytes=-5, 0",
        "bytes=99999999999999999999999-, 1000"
    })
    void isNoPartOfAFileThatEndsBeforeIt(String header, long length) {
        assertThat(range(header).of(length)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines=0-9", "bytesish=0-9", "bytes=0-1,5-9", "bytes=0-1 , -5", "x="})
    void isTheWholeFileForSeveralRangesAndForOtherUnits(String header) {
        assertThat(ByteRange.parse(header)).isNull();
    }

    @Test
    void isTheWholeFileWithoutAHeader() {
        assertThat(ByteRange.parse(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=,",
                "bytes=9-0",
                "bytes=a-b",
                "bytes=1",
                "bytes=1-2-3",
                "bytes=1 - 2",
                "bytes=+1-2",
                "bytes=0-1,x",
                "=0-1",
                "by tes=0-1",
                "bytes=\u0661-\u0662"
            })
    void refusesWhatIsNoRange(String header) {
        assertThatThrownBy(() -> ByteRange.parse(header)).isInstanceOf(InvalidRequest.class);
    }

    @Test
    @Timeout(5)
    void refusesAHeaderThatIsMadeToKeepItBusy() {
        for (var header :
                new String[] {
                    "bytes=0-" + " ".repeat(8_000) + "x",
                    "bytes=" + ("-" + " ".repeat(40) + ",").repeat(200) + "x",
                    "bytes=" + "9".repeat(8_000)
                }) {
            assertThatThrownBy(() -> ByteRange.parse(header)).isInstanceOf(InvalidRequest.class);
        }
    }

    private static ByteRange range(String header) {
        return Objects.requireNonNull(ByteRange.parse(header));
    }
}
