package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.RawText;

class MailDateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Thu, 5 Mar 2026 14:07:09 +0100 | 2026-03-05T13:07:09Z",
                "Thu, 05 Mar 2026 14:07:09 +0100 (CET) | 2026-03-05T13:07:09Z",
                "5 Mar 2026 14:07 -0430 | 2026-03-05T18:37:00Z",
                "Thu,  5 Mar 2026 14:07:09 GMT | 2026-03-05T14:07:09Z",
                "Thu, 5 Mar 98 14:07:09 EST | 1998-03-05T19:07:09Z",
                "Thu, 5 Mar 26 14:07:09 PDT | 2026-03-05T21:07:09Z",
                "Thu, 5 March 2026 14:07:09 | 2026-03-05T14:07:09Z",
                "Thu, 5-Mar-2026 14:07:09 +0000 | 2026-03-05T14:07:09Z",
                "Sat, 31 Dec 2016 23:59:60 +0000 | 2017-01-01T00:00:00Z",
            })
    void readsWhatMailersWrite(String date, Instant instant) {
        assertThat(MailDate.parse(RawText.of(date))).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "Thu, 35 Mar 2026 14:07:09 +0100",
                "Thu, 5 Foo 2026 14:07:09 +0100",
                "Thu, 5 Mar 2026 25:07:09 +0100",
                "Thu, 5 Mar 2026 14:07:09 +9900"
            })
    void noDateIsNoDate(String date) {
        assertThat(MailDate.parse(RawText.of(date))).isNull();
    }
}
