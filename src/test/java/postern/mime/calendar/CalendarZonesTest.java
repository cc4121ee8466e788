package postern.mime.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarZonesTest {

    private final CalendarZones zones =
            new CalendarZones(
                    CalendarComponent.parse("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").orElseThrow());

    @ParameterizedTest
    @CsvSource({
        "W. Europe Standard Time, 2026-07-01T12:00, +02:00",
        "Central Asia Standard Time, 2026-07-01T12:00, +06:00",
        "Aus Central W. Standard Time, 2026-07-01T12:00, +08:45",
        "Lord Howe Standard Time, 2026-01-01T12:00, +11:00",
        "UTC-11, 2026-01-01T12:00, -11:00",
        "Nepal Standard Time, 2026-01-01T12:00, +05:45"
    })
    void aNameOfWindowsIsAZone(String name, LocalDateTime time, String offset) {
        var zone = zones.zone(name).orElseThrow();

        assertThat(zone.getRules().getOffset(time)).hasToString(offset);
    }

    @Test
    void aNameThatNobodyKnowsIsNone() {
        assertThat(zones.zone("Middle Earth Standard Time")).isEmpty();
    }
}
