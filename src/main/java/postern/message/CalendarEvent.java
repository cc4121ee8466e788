package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.mime.calendar.CalendarComponent;
import postern.mime.calendar.CalendarLine;
import postern.mime.calendar.CalendarZones;

/// An event of a calendar (RFC 5545).
///
/// @param uid Names the event in all messages about it.
/// @param sequence Grows with each change of it.
/// @param end When it ends; of an event that lasts whole days the day after the last one.
/// @param recurrenceRule How it recurs, as in RFC 5545 §3.3.10.
/// @param recurrenceId Which one of an event that recurs this is about.
/// @param status `tentative`, `confirmed` or `cancelled`.
/// @param attendees The first of them, 500 at most.
record CalendarEvent(
        @Nullable String uid,
        int sequence,
        @Schema(example = "Budget 2027") @Nullable String summary,
        @Nullable String description,
        @Schema(example = "Room 12") @Nullable String location,
        @Nullable CalendarTime start,
        @Nullable CalendarTime end,
        @Schema(example = "FREQ=WEEKLY;BYDAY=MO") @Nullable String recurrenceRule,
        @Nullable CalendarTime recurrenceId,
        @Schema(example = "confirmed") @Nullable String status,
        @Nullable CalendarParticipant organizer,
        List<CalendarParticipant> attendees) {

    private static final int MOST_ATTENDEES = 500;

    /** Longer texts are cut here; the part has the full text. */
    private static final int MOST_CHARACTERS = 10_000;

    private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,9}");

    static CalendarEvent of(CalendarComponent event, CalendarZones zones) {
        var start = event.line("DTSTART").map(line -> CalendarTime.of(line, zones)).orElse(null);
        return new CalendarEvent(
                text(event, "UID"),
                event.text("SEQUENCE")
                        .filter(text -> SEQUENCE.matcher(text).matches())
                        .map(Integer::parseInt)
                        .orElse(0),
                text(event, "SUMMARY"),
                text(event, "DESCRIPTION"),
                text(event, "LOCATION"),
                start,
                event.line("DTEND")
                        .map(line -> CalendarTime.of(line, zones))
                        .or(() ->
                                Optional.ofNullable(start)
                                        .flatMap(s -> event.text("DURATION").map(s::plus)))
                        .orElse(null),
                text(event, "RRULE"),
                event.line("RECURRENCE-ID").map(line -> CalendarTime.of(line, zones)).orElse(null),
                event.text("STATUS").map(text -> text.toLowerCase(Locale.ROOT)).orElse(null),
                event.line("ORGANIZER").map(CalendarParticipant::of).orElse(null),
                event.lines().stream()
                        .filter(line -> line.name().equals("ATTENDEE"))
                        .limit(MOST_ATTENDEES)
                        .map(CalendarEvent::participant)
                        .toList());
    }

    private static CalendarParticipant participant(CalendarLine line) {
        return CalendarParticipant.of(line);
    }

    private static @Nullable String text(CalendarComponent event, String name) {
        return event.text(name)
                .map(text ->
                        text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text)
                .orElse(null);
    }
}
