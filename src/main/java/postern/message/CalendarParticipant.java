package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.mime.calendar.CalendarLine;

/// Who organises an event, or is invited to it.
///
/// @param email Absent where the participant has no mail address.
/// @param status `needs-action`, `accepted`, `declined`, `tentative` or `delegated`.
/// @param role `chair`, `req-participant`, `opt-participant` or `non-participant`.
/// @param rsvp Whether an answer is asked for.
record CalendarParticipant(
        @Schema(example = "Bob") @Nullable String name,
        @Schema(example = "bob@example.org") @Nullable String email,
        @Schema(example = "accepted") @Nullable String status,
        @Schema(example = "req-participant") @Nullable String role,
        boolean rsvp) {

    private static final String MAILTO = "mailto:";

    static CalendarParticipant of(CalendarLine line) {
        var address = line.value().strip();
        var mail = address.regionMatches(true, 0, MAILTO, 0, MAILTO.length());
        return new CalendarParticipant(
                line.parameter("CN"),
                mail ? address.substring(MAILTO.length()).strip() : line.parameter("EMAIL"),
                lowerCase(line.parameter("PARTSTAT")),
                lowerCase(line.parameter("ROLE")),
                "TRUE".equalsIgnoreCase(line.parameter("RSVP")));
    }

    private static @Nullable String lowerCase(@Nullable String word) {
        return word == null ? null : word.toLowerCase(Locale.ROOT);
    }
}
