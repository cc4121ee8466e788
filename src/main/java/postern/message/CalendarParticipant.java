package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.mime.calendar.CalendarLine;

/** A participant of an event (RFC 5545 §3.8.4). */
@Schema(description = "Who organises an event, or is invited to it.")
record CalendarParticipant(
        @Schema(example = "Bob") @Nullable String name,
        @Schema(
                        description = "Absent where the participant has no mail address.",
                        example = "bob@example.org")
                @Nullable String email,
        @Schema(
                        description =
                                "`needs-action`, `accepted`, `declined`, `tentative` or `delegated`.",
                        example = "accepted")
                @Nullable String status,
        @Schema(
                        description =
                                "`chair`, `req-participant`, `opt-participant` or `non-participant`.",
                        example = "req-participant")
                @Nullable String role,
        @Schema(description = "Whether an answer is asked for.") boolean rsvp) {

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
