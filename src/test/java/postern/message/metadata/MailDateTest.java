package postern.message.metadata;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.message.RawText;

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
                "Sat Nov 28 10:00:00 2026 | 2026-11-28T10:00:00Z",
                "Sat Nov  8 10:00:00 CET 2026 | 2026-11-08T09:00:00Z",
                "Sat Nov 28 10:00:00 +0100 2026 | 2026-11-28T09:00:00Z",
                "Sat Nov 28 10:00:00 2026 +0100 | 2026-11-28T09:00:00Z",
                "Nov 28, 2026 10:00:00 AM | 2026-11-28T10:00:00Z",
                "Saturday, November 28, 2026 12:05 am EST | 2026-11-28T05:05:00Z",
                "Sat, 28 Nov 2026 12:05:00 PM +0100 | 2026-11-28T11:05:00Z",
                "2026-11-28T10:00:00Z | 2026-11-28T10:00:00Z",
                "2026-11-28T10:00:00.123+01:00 | 2026-11-28T09:00:00Z",
                "2026-11-28 10:00:00 -0500 | 2026-11-28T15:00:00Z",
                "2026/11/28 10:00 | 2026-11-28T10:00:00Z",
                "Sa, 28 Nov 2026 10:00:00 +0100 | 2026-11-28T09:00:00Z",
                "sáb., 28 Nov 2026 10:00:00 +0100 | 2026-11-28T09:00:00Z",
                "суббота, 28 Nov 2026 10:00:00 +0300 | 2026-11-28T07:00:00Z",
                "Sat, 28 Nov 2026 24:00:00 +0000 | 2026-11-29T00:00:00Z",
                "Sat, 28 Nov 2026 10.00.00 +0000 | 2026-11-28T10:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 CET | 2026-11-28T09:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 (local) JST | 2026-11-28T01:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 GMT+01:00 | 2026-11-28T09:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 UTC -5 | 2026-11-28T15:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 -600 | 2026-11-28T16:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 +0100 CET | 2026-11-28T09:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 +0530 (IST (India)) | 2026-11-28T04:30:00Z",
                "Sat, 28 Nov 2026 10:00:00 A | 2026-11-28T10:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 Z | 2026-11-28T10:00:00Z",
                "Sat, 28 Nov 2026 10:00:00 -0000 | 2026-11-28T10:00:00Z",
                "Sat, 28 Nov 126 10:00:00 +0000 | 2026-11-28T10:00:00Z",
            })
    void readsWhatMailersWrite(String date, Instant instant) {
        var time = requireNonNull(MailDate.parse(RawText.of(date)));

        assertThat(time.toInstant()).isEqualTo(instant);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sat, 28 Nov 2026 10:00:00 +0530 | 2026-11-28T10:00+05:30",
                "Sat, 28 Nov 2026 10:00:00 EST | 2026-11-28T10:00-05:00",
                "Sat, 28 Nov 2026 10:00:00 -0000 | 2026-11-28T10:00Z"
            })
    void keepsTheOffsetThatTheSenderWrote(String date, OffsetDateTime time) {
        assertThat(MailDate.parse(RawText.of(date))).isEqualTo(time);
        assertThat(requireNonNull(MailDate.parse(RawText.of(date))).getOffset())
                .isEqualTo(time.getOffset());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "Thu, 35 Mar 2026 14:07:09 +0100",
                "Thu, 5 Foo 2026 14:07:09 +0100",
                "Thu, 5 Mar 2026 25:07:09 +0100",
                "Thu, 5 Mar 2026 14:07:09 +9900",
                "Thu, 5 Mar 2026 14:07:09 +0170",
                "Mon, 31 Nov 2026 10:00:00 +0000",
                "Sun, 29 Feb 2026 10:00:00 +0000",
                "Sat, 28 Nov 2026 24:00:01 +0000",
                "Sat, 28 Nov 2026 10:00:61 +0000",
                "Sat, 28 Nov 2026 13:00:00 PM",
                "Sat, 28 Nov 0026 10:00:00 +0000",
                "28/11/2026 10:00",
                "2026-13-28T10:00:00Z",
                // an ambiguous zone: hours off if it were read as UTC
                "Sat, 28 Nov 2026 10:00:00 IST",
                "Sat, 28 Nov 2026 10:00:00 XYZ",
                "Sat, 28 Nov 2026 10:00:00 W. Europe Standard Time",
                "Sat, 28 Nov 2026 10:00:00 +123456",
            })
    void noDateIsNoDate(String date) {
        assertThat(MailDate.parse(RawText.of(date))).isNull();
    }
}
