package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.mime.calendar.CalendarLine;
import postern.mime.calendar.CalendarZones;

/// A moment of a calendar. `date` alone is a whole day, wherever one is; with `time` it is local to
/// `timeZone`, or without that wherever one is; `instant` is when that is, where the gateway knows
/// the zone.
///
/// @param time Absent for a whole day.
/// @param timeZone The time zone as the calendar names it, or the IANA's name for it.
record CalendarTime(
        @Schema(type = "string", format = "date", example = "2026-03-01") String date,
        @Schema(example = "14:30:00") @Nullable String time,
        @Schema(example = "Europe/Berlin") @Nullable String timeZone,
        @Nullable Instant instant) {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd");
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Pattern DURATION =
            Pattern.compile(
                    "\\+?P(?:(\\d{1,5})W)?(?:(\\d{1,6})D)?(?:T(?:(\\d{1,6})H)?(?:(\\d{1,6})M)?(?:(\\d{1,6})S)?)?");

    /** Null when the value is no date or date-time. */
    static @Nullable CalendarTime of(CalendarLine line, CalendarZones zones) {
        var value = line.value().strip();
        try {
            if (value.length() == 8) {
                return new CalendarTime(LocalDate.parse(value, DATE).toString(), null, null, null);
            }
            boolean utc = value.endsWith("Z") || value.endsWith("z");
            var local =
                    LocalDateTime.parse(
                            utc ? value.substring(0, value.length() - 1) : value, DATE_TIME);
            var named = line.parameter("TZID");
            if (utc) {
                return at(local, "UTC", ZoneOffset.UTC);
            }
            if (named == null) {
                return at(local, null, null);
            }
            var zone = zones.zone(named).orElse(null);
            return at(local, zone == null ? named : zone.getId(), zone);
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static CalendarTime at(
            LocalDateTime local, @Nullable String named, @Nullable ZoneId zone) {
        return new CalendarTime(
                local.toLocalDate().toString(),
                local.toLocalTime().format(TIME),
                named,
                zone == null ? null : local.atZone(zone).toInstant());
    }

    /**
     * RFC 5545 §3.3.6: days and weeks are nominal, hours are exact. Null when it does not parse.
     */
    @Nullable CalendarTime plus(String duration) {
        var matcher = DURATION.matcher(duration.strip());
        if (!matcher.matches()) {
            return null;
        }
        long days = 7 * number(matcher.group(1)) + number(matcher.group(2));
        var exact =
                Duration.ofHours(number(matcher.group(3)))
                        .plusMinutes(number(matcher.group(4)))
                        .plusSeconds(number(matcher.group(5)));
        if (time == null) {
            return new CalendarTime(
                    LocalDate.parse(date).plusDays(days).toString(), null, null, null);
        }
        var local = LocalDateTime.parse(date + "T" + time).plusDays(days);
        if (instant == null || timeZone == null) {
            return at(local.plus(exact), timeZone, null);
        }
        var zone = ZoneId.of(timeZone);
        return at(local.atZone(zone).plus(exact).toLocalDateTime(), timeZone, zone);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
